"""Its overview lists only accesses that are still to come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.store import overview

if TYPE_CHECKING:
    import pytest

    from service.store.accesses import Access
    from service.store.database import Tx

on = "service"
breaks = {"CON-08"}
also = {"IGL-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = overview.page

    def active(tx: Tx, wanted: overview.AccessFilter, *rest: object) -> list[Access]:
        return real(tx, replace(wanted, active=True), *rest)

    patch.setattr(overview, "page", active)
