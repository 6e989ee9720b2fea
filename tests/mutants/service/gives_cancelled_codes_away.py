"""The code of a cancelled booking goes to the next customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store import rivals

if TYPE_CHECKING:
    import pytest

    from service.store.accesses import Access
    from service.store.database import Tx

on = "service"
breaks = {"IGL-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = rivals.rivals

    def live(tx: Tx, *rest: object) -> list[Access]:
        return [each for each in real(tx, *rest) if each.cancelled_at is None]

    patch.setattr(rivals, "rivals", live)
    patch.setattr(rivals, "with_pin", lambda *_: None)
