"""What was cancelled is cleared the day after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from service import clock
from service.store import retention, schema
from service.store.table_gateway import Prepared

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real, booked, held = retention.delete_old, schema.bookings.c, schema.accesses.c
    its = (held.connection_id == booked.connection_id) & (
        held.booking_ref == booked.ref
    )
    open_ones = sa.exists().where(its, held.status != "removed")
    late = sa.bindparam("late", type_=booked.end_at.type)
    gone = Prepared(
        sa.delete(schema.bookings).where(booked.cancelled_at < late, ~open_ones)
    )

    def delete(tx: Any, before: Any) -> int:
        gone.count(tx.sql, {"late": clock.now() - timedelta(days=1)})
        return real(tx, before)

    patch.setattr(retention, "delete_old", delete)
