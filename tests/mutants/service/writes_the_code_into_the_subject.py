"""The code stands in the subject, where locked screens show it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.use_cases import send_message

if TYPE_CHECKING:
    import pytest

    from service.domain.messages import Facts, RenderedText, Template

on = "service"
breaks = {"MSG-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = send_message.render

    def shouted(template: Template, facts: Facts, language: str) -> RenderedText:
        text = real(template, facts, language)
        return replace(text, subject=f"{text.subject} {facts.doors[0].pin.reveal()}")

    patch.setattr(send_message, "render", shouted)
