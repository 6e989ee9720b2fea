"""Answers: by which status, and in which words, the subject answered last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import then

from features.steps.words import phrase

if TYPE_CHECKING:
    from strikeplate.scene import Scene


@then(phrase("the answer is {status:Status}"))
def answer_is(scene: Scene, status: frozenset[int]) -> None:
    found = scene.answer
    wanted = " or ".join(map(str, sorted(status))) if len(status) < 9 else "a success"
    text = f"the answer is {found.status}, not {wanted}: {found.text[:120]}"
    assert found.status in status, text


@then(phrase('the answer tells "{word}"'))
def answer_tells(scene: Scene, word: str) -> None:
    text = scene.answer.text
    assert word.lower() in text.lower(), f"it does not tell {word!r}: {text[:160]}"


@then("the answer says why nothing was made")
def answer_says_why(scene: Scene) -> None:
    told = scene.answer.json()
    assert scene.answer.ok, f"the event was refused: {scene.answer.status}"
    assert isinstance(told, dict), "the answer is no JSON object"
    assert told.get("reason"), "the answer gives no reason"


@then("every answer is a success")
def every_answer_is_a_success(scene: Scene) -> None:
    others = sorted({a.status for a in scene.platform.answers if not a.ok})
    assert not others, f"some answers were {others}"
