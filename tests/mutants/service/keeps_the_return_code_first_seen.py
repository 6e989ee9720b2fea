"""A key keeps the static return code of the slot in which it was seen first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.use_cases import watch_locks

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"LIV-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = watch_locks._note_device  # noqa: SLF001 - what the fault patches

    def note(tx: Any, lock: Any, columns: dict[str, Any], now: Any) -> None:
        same = {"sealed_return_code": lock.sealed_return_code}
        real(tx, lock, columns | same, now)

    patch.setattr(watch_locks, "_note_device", note)
