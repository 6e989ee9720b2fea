"""Two connections that see one lock give their bookings the same PINs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store import rivals

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"IGL-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rivals, "same_locks", lambda _tx, lock_id: [lock_id])
