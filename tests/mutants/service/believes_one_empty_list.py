"""A code that one list lacks counts as taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import watch_locks

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-13"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(watch_locks, "MISSING_TWICE", 1)
