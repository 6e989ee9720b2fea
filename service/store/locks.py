"""Locks: the devices of a connection, as its vendor last listed them (CON-05)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from service.store.database import Tx
from service.store.table_gateway import TableGateway
from service.store.tables import stored_in


@stored_in(
    "locks",
    sa.UniqueConstraint("connection_id", "vendor_id"),
    sa.Index(None, "vendor_id"),
)
class Lock:
    """A device; codes are planned in its `timezone`, that of the place it is at.

    Its vendor's list of devices was last read at `seen_at`. At `due_at` it is seen
    which codes its vendor has for it. `troubles` are sentences about what was wrong
    with it then, `other_refs` the vendor's ids of codes that are of none of its
    accesses, None before the first look.
    """

    id: str
    connection_id: str
    vendor_id: str
    name: str
    kind: str
    timezone: str
    usable: bool
    unusable_reason: str | None
    warning: str | None
    battery: int | None
    seen_at: datetime
    sealed_return_code: str | None = field(default=None, repr=False)
    troubles: list[str] = field(default_factory=list)
    other_refs: list[str] | None = None
    attempts: int = 0
    due_at: datetime | None = None
    lease: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone on the lock's own clock."""
        return ZoneInfo(self.timezone)


GATEWAY: Final = TableGateway(Lock, read_once=True)
by_id: Final = GATEWAY.by_id
get: Final = GATEWAY.get
get_for_update: Final = GATEWAY.get_for_update
change: Final = GATEWAY.change_by_id
conclude: Final = GATEWAY.conclude


def by_ids(tx: Tx, lock_ids: Collection[str]) -> dict[str, Lock]:
    """Return those of the locks that exist, by id."""
    found = (by_id(tx, lock_id) for lock_id in lock_ids)
    return {lock.id: lock for lock in found if lock}


AGAIN: Final = timedelta(minutes=1)
"""How soon a lock is seen once it has a code, and again when one was missing."""

FRESH: Final = timedelta(minutes=30)
"""How long a list of an account's devices serves its other locks too."""


def list_again(tx: Tx, lock_ids: Collection[str], now: datetime) -> None:
    """Have the vendor's list of devices read, as soon as the last one is not fresh."""
    for lock in by_ids(tx, lock_ids).values():
        due_at = max(now + AGAIN, lock.seen_at + FRESH)
        if not lock.lease and (lock.due_at is None or lock.due_at > due_at):
            change(tx, lock.id, due_at=due_at)


def note_seen(tx: Tx, connection_id: str, now: datetime) -> None:
    """Store that the connection's devices were listed, also those that are gone."""
    GATEWAY.change(tx, {"connection_id": connection_id}, seen_at=now)


def watch_now(
    tx: Tx, connection_id: str, vendor_ids: Collection[str], now: datetime
) -> None:
    """Have these locks seen at once, as far as they are watched."""
    for lock in of_connection(tx, connection_id):
        if lock.vendor_id in vendor_ids and lock.due_at and not lock.lease:
            change(tx, lock.id, due_at=now)


def names(found: Iterable[Lock]) -> dict[str, str]:
    """Return the locks' names by id; those of one name are told apart by number."""
    found = list(found)
    count = Counter(lock.name for lock in found)
    return {
        lock.id: lock.name if count[lock.name] == 1 else f"{lock.name} {lock.vendor_id}"
        for lock in found
    }


def of_connection(tx: Tx, connection_id: str) -> list[Lock]:
    """Return the connection's locks."""
    return GATEWAY.all(tx, connection_id=connection_id)
