"""It sends its own text, whatever the owner wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import send_message

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"MSG-03"}
also = {"MSG-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(send_message.messages, "templates_of_channel", lambda *_: [])
