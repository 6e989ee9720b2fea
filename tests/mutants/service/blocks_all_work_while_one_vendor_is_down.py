"""While one access waits for a vendor that is down, it does nothing for anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from service import worker
from service.store import schema
from service.store.table_gateway import Prepared

if TYPE_CHECKING:
    import pytest

    from service.store.database import Tx
    from service.worker import ClaimedJob

on = "service"
breaks = {"RES-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    claim, access = worker.claim, schema.accesses.c

    def resting(tx: Tx, *rest: object) -> list[ClaimedJob]:
        waits = (access.attempts > 0) & (access.due_at > rest[-1])
        held_up = select(access.id).where(waits, access.lease.is_(None))
        return [] if Prepared(held_up).rows(tx.sql) else claim(tx, *rest)

    patch.setattr(worker, "claim", resting)
