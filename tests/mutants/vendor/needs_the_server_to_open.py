"""The lock asks the server first, and stays shut while it is offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors import lock

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"IGL-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    offline = ("no-power", lambda lock, _code, _local: not lock.online)
    patch.setattr(lock, "PRECONDITIONS", (offline, *lock.PRECONDITIONS))
