"""Keys, as they stand in the table; what is known of one is `domain/keys.py`.

Invariants: a key has the id of its lock. `due_at` is when to look at it next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from service.domain.keys import Key
from service.store import tables
from service.store.columns import where_in
from service.store.prepared import Prepared
from service.store.record import record
from service.store.table_gateway import TableGateway

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from service.store.tx import Tx


@record
class StoredKey:
    """A key of one connection; `booking_ref` is that of its holder.

    `reason` tells why the last look led to nothing, `warning` why what was seen may
    not be so.
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


GATEWAY: Final = TableGateway(tables.keys, StoredKey)
_c = tables.keys.c


def columns(key: Key) -> dict[str, Any]:
    """Return the values that keep what is known of the key."""
    return {
        "inside": key.inside,
        "slot": key.slot,
        "since": key.since,
        "holder": key.holder,
        "returned_at": key.returned_at,
        "returned_by": key.returned_by,
    }


def find(tx: Tx, lock_id: str) -> StoredKey | None:
    """Return the key that the lock is, None where it is none."""
    return GATEWAY.find(tx, id=lock_id)


def get(tx: Tx, lock_id: str) -> StoredKey:
    """Return the key of a record that cannot be without one."""
    key = find(tx, lock_id)
    if key is None:
        raise LookupError(f"no key {lock_id}")
    return key


def of_connection(tx: Tx, connection_id: str) -> list[StoredKey]:
    """Return the connection's keys."""
    return GATEWAY.all(tx, connection_id=connection_id)


def change(tx: Tx, lock_id: str, **values: object) -> None:
    """Give the key the values."""
    GATEWAY.change(tx, {"id": lock_id}, **values)


def conclude(tx: Tx, lock_id: str, lease: str, **values: object) -> bool:
    """Tell whether the values were taken: only from the one who holds the lease."""
    return (
        GATEWAY.change(tx, {"id": lock_id, "lease": lease}, lease=None, **values) == 1
    )


def poll_now(
    tx: Tx, connection_id: str, vendor_ids: Collection[str] | None, now: datetime
) -> None:
    """Make a look at these keys due at once, at all of them for None.

    A look that is under way may have come too early to see the news, so it counts
    for nothing.
    """
    mine = _c.connection_id == connection_id
    if vendor_ids is not None:
        locks = tables.locks.c
        lock_ids = select(locks.id).where(
            locks.connection_id == connection_id, where_in(locks.vendor_id, vendor_ids)
        )
        mine = _c.id.in_(lock_ids)
    statement = update(tables.keys).where(mine).values(due_at=now, lease=None)
    Prepared(statement).count(tx.sql)
