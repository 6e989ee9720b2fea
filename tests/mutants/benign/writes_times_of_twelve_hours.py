"""Messages name times as people do who count to twelve: 3:20 PM."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.domain import messages

if TYPE_CHECKING:
    import pytest

on = "service"
reads = {"CON-11", "LIV-09", "MSG"}


def apply(patch: pytest.MonkeyPatch) -> None:
    twelve = {
        name: replace(texts, instant="%d %B %Y, %I:%M %p")
        for name, texts in messages.LANGUAGES.items()
    }
    patch.setattr(messages, "LANGUAGES", twelve)
