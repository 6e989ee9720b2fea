"""Templates: the text that brings the code, changed and previewed by the owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from features.steps.parameter_types import step

if TYPE_CHECKING:
    from strikeplate.context import ScenarioContext

SUBJECT = "Your booking"


def write(ctx: ScenarioContext, body: str) -> None:
    """Ask for a text of the mail that goes out in English."""
    text = {"subject": SUBJECT, "body": body}
    ctx.record_answer(ctx.admin.write(ctx.link(), "email/en", text))


@given(step('the owner writes the text "{body}"'))
def writes(ctx: ScenarioContext, body: str) -> None:
    write(ctx, body)
    assert ctx.answer.ok, f"the text was refused: {ctx.answer.text}"


@when(step('the owner tries to write the text "{body}"'))
def tries_to_write(ctx: ScenarioContext, body: str) -> None:
    write(ctx, body)


@when(step('the owner previews the text "{body}"'))
def previews(ctx: ScenarioContext, body: str) -> None:
    text = {"subject": SUBJECT, "body": body, "channel": "email", "language": "en"}
    ctx.record_answer(ctx.admin.preview(ctx.link(), text))


@then(step('the preview shows "{word}" and no placeholder'))
def preview_shows(ctx: ScenarioContext, word: str) -> None:
    assert ctx.answer.ok, f"no preview: {ctx.answer.status} {ctx.answer.text}"
    body = ctx.answer.json()["body"]
    assert word in body, f"it does not show {word!r}"
    assert "{" not in body, "a placeholder is left"
