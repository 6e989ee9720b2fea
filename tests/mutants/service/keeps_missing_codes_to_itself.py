"""It tells nobody that a code is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import plan_messages

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-15"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plan_messages, "_troubles", lambda *_: [])
