"""A message that waits goes out at the hour that was set when it was planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import plan_messages

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-16"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plan_messages, "_reschedule", lambda *_: None)
