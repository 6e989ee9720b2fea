"""Keys as rows of their table, and the periods in which an access may hold one.

Invariants: a key has the id of its lock; `due_at` is when to poll the vendor for it
next. Finding the present hold periods costs the same however many are past: those are
read one at a time, and only when a key is missing and nobody knows since when.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from service.domain.keys import HoldPeriod, Key
from service.store import accesses, locks
from service.store.database import Tx, where_in
from service.store.table_gateway import Prepared, TableGateway
from service.store.tables import stored_in


@stored_in("keys", sa.ForeignKeyConstraint(["id"], ["locks.id"], ondelete="CASCADE"))
class StoredKey:
    """A key of one connection; `booking_ref` is that of its holder.

    `reason` tells why the last poll failed, `warning` why what it showed may be wrong.
    """

    id: str
    connection_id: str
    due_at: datetime | None
    inside: bool | None = None
    slot: int | None = None
    since: datetime | None = None
    holder: str | None = None
    booking_ref: str | None = None
    returned_at: datetime | None = None
    returned_by: str | None = None
    warning: str | None = None
    reason: str | None = None
    seen_at: datetime | None = None
    attempts: int = 0
    lease: str | None = None

    @property
    def key(self) -> Key:
        """Return the key as the domain knows it."""
        return Key(
            self.inside,
            self.slot,
            self.since,
            self.holder,
            self.returned_at,
            self.returned_by,
        )


GATEWAY: Final = TableGateway(StoredKey)
find: Final = GATEWAY.by_id
get: Final = GATEWAY.get
change: Final = GATEWAY.change_by_id
conclude: Final = GATEWAY.conclude
_c, _lock = GATEWAY.table.c, locks.GATEWAY.table.c


def of_connection(tx: Tx, connection_id: str) -> list[StoredKey]:
    """Return the connection's keys."""
    return GATEWAY.all(tx, connection_id=connection_id)


def poll_now(
    tx: Tx, connection_id: str, vendor_ids: Collection[str] | None, now: datetime
) -> None:
    """Make a poll of these keys due at once, of all keys for None.

    The lease ends: a poll that is under way may have come too early, so its answer
    is dropped.
    """
    mine = _c.connection_id == connection_id
    if vendor_ids is not None:
        lock_ids = sa.select(_lock.id).where(
            _lock.connection_id == connection_id, where_in(_lock.vendor_id, vendor_ids)
        )
        mine = _c.id.in_(lock_ids)
    statement = sa.update(GATEWAY.table).where(mine).values(due_at=now, lease=None)
    Prepared(statement).count(tx.sql)


_access: Final = accesses.GATEWAY.table.c
_cut: Final = _access.cancelled_at < _access.valid_until
_ends: Final = sa.case((_cut, _access.cancelled_at), else_=_access.valid_until)


_OF_LOCK: Final = sa.select(_access.id, _access.valid_from, _ends).where(
    _access.lock_id == sa.bindparam("lock"),
    _access.created_at.is_not(None),
    _access.valid_from.is_not(None),
)
"""The periods of one lock's key that have a code."""

_ENDING_AFTER: Final = Prepared(
    _OF_LOCK.where(_access.valid_until > sa.bindparam("at"))
)
_ENDED_BEFORE: Final = Prepared(
    _OF_LOCK.where(_ends <= sa.bindparam("at")).order_by(_ends.desc()).limit(1)
)


def hold_periods_from(tx: Tx, lock_id: str, at: datetime) -> list[HoldPeriod]:
    """Return the hold periods that were to end after that instant."""
    return _hold_periods(tx, _ENDING_AFTER, lock_id, at)


def last_hold_period(tx: Tx, lock_id: str, at: datetime) -> list[HoldPeriod]:
    """Return the hold period that ended last by that instant, if any."""
    return _hold_periods(tx, _ENDED_BEFORE, lock_id, at)


def _hold_periods(
    tx: Tx, those: Prepared, lock_id: str, at: datetime
) -> list[HoldPeriod]:
    return [HoldPeriod(*row) for row in those.rows(tx.sql, {"lock": lock_id, "at": at})]
