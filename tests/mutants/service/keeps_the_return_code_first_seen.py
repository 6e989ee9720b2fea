"""A key keeps the static return code of the slot in which it was seen first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service.use_cases import watch_locks

if TYPE_CHECKING:
    import pytest

    from service.ports import VendorLock

on = "service"
breaks = {"LIV-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = watch_locks._note_device  # noqa: SLF001 - what the fault patches

    def note(tx: Any, lock: Any, device: VendorLock, now: Any) -> None:
        sealed = lock.sealed_return_code
        first = tx.vault.open(sealed) if sealed else None
        real(tx, lock, replace(device, return_code=first), now)

    patch.setattr(watch_locks, "_note_device", note)
