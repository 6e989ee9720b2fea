"""While one access waits for a vendor that is down, it does nothing for anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists
from sqlalchemy import select

from service import worker
from service.store import tables

if TYPE_CHECKING:
    import pytest

    from service.store.tx import Tx
    from service.use_cases.claim import Claimed

on = "service"
breaks = {"RES-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    claim, access = worker.claim, tables.accesses.c

    def resting(tx: Tx, *rest: object) -> list[Claimed]:
        waits = (access.attempts > 0) & (access.due_at > rest[-1])
        held_up = tx.sql.scalar(select(exists().where(waits, access.lease.is_(None))))
        return [] if held_up else claim(tx, *rest)

    patch.setattr(worker, "claim", resting)
