"""What was cancelled long ago is cleared, though its code still opens."""

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
    real, at = retention.delete_old, schema.bookings.c.cancelled_at
    long_ago = at < bindparam("before", type_=at.type)
    step = Prepared(delete(schema.bookings).where(long_ago))

    def careless(tx: Tx, before: datetime) -> int:
        return step.count(tx.sql, {"before": before}) + real(tx, before)

    patch.setattr(retention, "delete_old", careless)
