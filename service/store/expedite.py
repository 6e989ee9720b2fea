"""What is due at a vendor, hurried: because somebody there, or here, has news.

Invariants: work that somebody holds is left alone; its own end says when to look again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from service.store import tables
from service.store.accesses import GATEWAY
from service.store.columns import where_in
from service.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from service.store.accesses import Access
    from service.store.tx import Tx

_c: Final = tables.accesses.c


def expedite(tx: Tx, connection_id: str, now: datetime) -> None:
    """Make due at once what was tried for the connection's accesses and waits."""
    mine = _c.connection_id == connection_id
    _make_due(tx, mine, now)


def poll_now(
    tx: Tx, connection_id: str, vendor_ids: Collection[str], now: datetime
) -> None:
    """Make due at once what was tried before and waits for one of these locks."""
    locks = tables.locks.c
    lock_ids = select(locks.id).where(
        locks.connection_id == connection_id, where_in(locks.vendor_id, vendor_ids)
    )
    _make_due(tx, _c.lock_id.in_(lock_ids), now)


def leaving(tx: Tx, access: Access) -> bool:
    """Tell whether another access of the lock is about to be taken back."""
    ends = _c.cancelled_at.is_not(None) & _c.due_at.is_not(None)
    mine = (_c.lock_id == access.lock_id) & (_c.id != access.id)
    return bool(GATEWAY.where(tx, mine, ends, limit=1))


def _make_due(tx: Tx, those: ColumnElement[bool], now: datetime) -> None:
    """Make due what waits after an attempt; what has its own time keeps it."""
    waits = (_c.due_at > now) & _c.lease.is_(None) & (_c.attempts > 0)
    statement = update(tables.accesses).where(those, waits).values(due_at=now)
    Prepared(statement).count(tx.sql)
