"""Templates: the text that brings the code, changed and previewed by the owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from features.steps.words import phrase

if TYPE_CHECKING:
    from strikeplate.scene import Scene

SUBJECT = "Your booking"


def write(scene: Scene, body: str) -> None:
    """Ask for a text of the mail that goes out in English."""
    text = {"subject": SUBJECT, "body": body}
    scene.asked(scene.desk.write(scene.link(), "email/en", text))


@given(phrase('the owner writes the text "{body}"'))
def writes(scene: Scene, body: str) -> None:
    write(scene, body)
    assert scene.answer.ok, f"the text was refused: {scene.answer.text}"


@when(phrase('the owner tries to write the text "{body}"'))
def tries_to_write(scene: Scene, body: str) -> None:
    write(scene, body)


@when(phrase('the owner previews the text "{body}"'))
def previews(scene: Scene, body: str) -> None:
    text = {"subject": SUBJECT, "body": body, "channel": "email", "language": "en"}
    scene.asked(scene.desk.preview(scene.link(), text))


@then(phrase('the preview shows "{word}" and no placeholder'))
def preview_shows(scene: Scene, word: str) -> None:
    assert scene.answer.ok, f"no preview: {scene.answer.status} {scene.answer.text}"
    body = scene.answer.json()["body"]
    assert word in body, f"it does not show {word!r}"
    assert "{" not in body, "a placeholder is left"
