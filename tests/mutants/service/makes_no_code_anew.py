"""A code that somebody took away stays away, though its rule has codes made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import watch_locks

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-13"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(watch_locks, "_made_anew", lambda *_: False)
