"""A message that waits goes out though its booking was cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import plan_messages

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"MSG-06"}
also = {"CON-11", "CON-15", "CON-16", "MSG-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plan_messages, "_withhold", lambda *_: None)
