"""Answers: by which status, and in which words, the subject answered last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import then

from features.steps.parameter_types import step

if TYPE_CHECKING:
    from strikeplate.context import ScenarioContext


@then(step("the answer is {status:Status}"))
def answer_is(ctx: ScenarioContext, status: frozenset[int]) -> None:
    found = ctx.answer
    wanted = " or ".join(map(str, sorted(status))) if len(status) < 9 else "a success"
    text = f"the answer is {found.status}, not {wanted}: {found.text[:120]}"
    assert found.status in status, text


@then(step('the answer tells "{word}"'))
def answer_tells(ctx: ScenarioContext, word: str) -> None:
    text = ctx.answer.text
    assert word.lower() in text.lower(), f"it does not tell {word!r}: {text[:160]}"


@then("the answer says why nothing was made")
def answer_says_why(ctx: ScenarioContext) -> None:
    payload = ctx.answer.json()
    assert ctx.answer.ok, f"the event was refused: {ctx.answer.status}"
    assert isinstance(payload, dict), "the answer is no JSON object"
    assert payload.get("reason"), "the answer gives no reason"


@then("every answer is a success")
def every_answer_is_a_success(ctx: ScenarioContext) -> None:
    others = sorted({a.status for a in ctx.platform.answers if not a.ok})
    assert not others, f"some answers were {others}"
