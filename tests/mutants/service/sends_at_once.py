"""It sends every message at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import plan_messages

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"MSG-02"}
also = {"MSG-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plan_messages, "send_at", lambda _rule, _booking, now: now)
