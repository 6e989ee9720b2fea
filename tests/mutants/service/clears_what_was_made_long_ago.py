"""Codes made by hand long ago are cleared, though they still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete

from service.store import retention, schema
from service.store.table_gateway import Prepared

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.store.database import Tx

on = "service"
breaks = {"CON-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real, access = retention.delete_old, schema.accesses.c
    long_ago = access.ordered_at < bindparam("before", type_=access.ordered_at.type)
    step = Prepared(delete(schema.accesses).where(access.by_hand, long_ago))

    def careless(tx: Tx, before: datetime) -> int:
        return step.count(tx.sql, {"before": before}) + real(tx, before)

    patch.setattr(retention, "delete_old", careless)
