"""Locks: the devices of a connection, as the vendor told them last (CON-05)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final
from zoneinfo import ZoneInfo

from service.store import tables
from service.store.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from service.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Lock:
    """A device; `timezone` is where it hangs, which its codes are counted in."""

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

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone on the lock's own clock."""
        return ZoneInfo(self.timezone)


SHELF: Final = Shelf(tables.locks, Lock)
_c = tables.locks.c


def by_id(tx: Tx, lock_id: str) -> Lock | None:
    """Return the lock, or None."""
    return SHELF.find(tx, _c.id == lock_id)


def by_ids(tx: Tx, lock_ids: Collection[str]) -> dict[str, Lock]:
    """Return those of the locks that exist, by id."""
    return {lock.id: lock for lock in SHELF.all(tx, _c.id.in_(lock_ids))}


def of_connection(tx: Tx, connection_id: str) -> list[Lock]:
    """Return the connection's locks."""
    return SHELF.all(tx, _c.connection_id == connection_id)
