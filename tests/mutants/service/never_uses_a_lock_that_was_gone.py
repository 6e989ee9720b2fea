"""A lock that was missing from one list stays unusable, though it is listed again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.use_cases import watch_locks

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    note = vars(watch_locks)["_note_device"]

    def noted(tx: Any, lock: Any, columns: Any, now: Any) -> None:
        if lock.unusable_reason != watch_locks.GONE:
            note(tx, lock, columns, now)

    patch.setattr(watch_locks, "_note_device", noted)
