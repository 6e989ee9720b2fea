"""When an answer was lost it orders another code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import compose_order

if TYPE_CHECKING:
    import pytest

    from service.ports import LockVendor
    from service.store.accesses import Access
    from service.store.database import Tx

on = "service"
breaks = {"RES-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = compose_order._variant  # noqa: SLF001 - what the fault patches

    def fresh(tx: Tx, vendor: LockVendor, access: Access, *rest: object) -> int:
        known = real(tx, vendor, access, *rest)
        return (known - 1 + access.attempts) % 3 + 1

    patch.setattr(compose_order, "_variant", fresh)
