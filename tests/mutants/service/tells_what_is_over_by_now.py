"""A notice goes out though what it tells of was over while no mail server took it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import send_message

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-15"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(send_message, "is_outdated", lambda *_: False)
