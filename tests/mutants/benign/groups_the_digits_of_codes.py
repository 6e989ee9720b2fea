"""Messages group the digits of a code: 048 213 977."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service.secret import Secret
from service.use_cases import send_message

if TYPE_CHECKING:
    import pytest

    from service.domain.messages import Door

on = "service"
reads = {"CON-11", "CON-12", "EXV", "IGL-02", "LIV", "MSG", "NUK-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = send_message._door  # noqa: SLF001 - what the fault patches

    def grouped(*what: Any) -> Door:
        door = real(*what)
        groups = re.findall(r"\d{1,3}", door.pin.reveal())
        return replace(door, pin=Secret(" ".join(groups)))

    patch.setattr(send_message, "_door", grouped)
