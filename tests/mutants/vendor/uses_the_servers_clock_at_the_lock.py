"""The lock goes by the server's clock instead of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.lock import Lock

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

on = "vendor"
breaks = {"IGL-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def reads(lock: Lock, instant: datetime) -> float:
        return lock.clock.reads(instant)

    patch.setattr(Lock, "reads", reads)
