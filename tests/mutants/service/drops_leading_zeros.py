"""A code that begins with a zero is told without it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service.secret import Secret
from service.use_cases import send_message

if TYPE_CHECKING:
    import pytest

    from service.domain.messages import Door

on = "service"
breaks = {"MSG-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = send_message._door  # noqa: SLF001

    def as_number(*what: Any) -> Door:
        door = real(*what)
        return replace(door, pin=Secret(door.pin.reveal().lstrip("0")))

    patch.setattr(send_message, "_door", as_number)
