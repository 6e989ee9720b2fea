"""The manager is told of a late key at the end, whatever delay is set."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fakes.vendors.livionkey import timers

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"LIV-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(timers, "_delay", lambda _world: timedelta())
