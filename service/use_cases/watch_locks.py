"""Watch locks: see which codes a vendor has, and which were taken away (CON-13).

Invariants: one call a lock, however many codes it has: once a day while a code may
open it, in good time before each start, and at once when the vendor's webhook names it.
A code counts as taken away once it was missing twice in a row, since one empty list is
no proof. Its access is removed, and the owner is told of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from service import clock
from service.domain.access import IN_TIME, Status, Step, after
from service.domain.retry import wait_to_retry
from service.ports import CredentialsRefused
from service.store import accesses, bookings, connections, locks, rivals

if TYPE_CHECKING:
    from datetime import datetime

    from service.ports import Credentials, LockVendor
    from service.store.accesses import Access
    from service.store.connections import Connection
    from service.store.database import Tx
    from service.store.leases import Lease
    from service.store.locks import Lock
    from service.use_cases.context import Dependencies

EVERY: Final = timedelta(days=1)
AGAIN: Final = timedelta(minutes=1)
MISSING_TWICE: Final = 2
TAKEN: Final = "somebody took the code away at the vendor"


def watch_from(tx: Tx, lock_id: str, now: datetime) -> None:
    """Have the lock seen from now on, since it has a code."""
    locks.change(tx, lock_id, due_at=_next(rivals.still_open(tx, lock_id, now), now))


def prepare(tx: Tx, deps: Dependencies, lock: Lock, lease: Lease) -> LockCheck | None:
    """Return the look to take, leased; None where there is nothing to see."""
    connection = connections.get(tx, lock.connection_id)
    vendor = deps.vendors[connection.vendor]
    if vendor.revocation is None or not rivals.still_open(tx, lock.id, lease.since):
        locks.change(tx, lock.id, due_at=None, lease=None)
        return None
    attempts = lock.attempts + 1
    locks.change(tx, lock.id, attempts=attempts, due_at=lease.until, lease=lease.name)
    credentials = tx.vault.open_all(connection.sealed_credentials)
    return LockCheck(lock, vendor, connection, credentials, lease)


@dataclass(frozen=True, slots=True)
class LockCheck:
    """A look under way; `lock` is as it was before."""

    lock: Lock
    vendor: LockVendor
    connection: Connection
    credentials: Credentials
    lease: Lease

    def ask(self, deps: Dependencies) -> set[str] | Exception:
        """Return the refs of the codes that the vendor lists."""
        del deps
        try:
            revocation = self.vendor.revocation
            vendor_id = self.lock.vendor_id
            return (
                revocation.list_refs(self.credentials, vendor_id)
                if revocation
                else set()
            )
        except Exception as error:  # noqa: BLE001 (a fault in a vendor too)
            return error

    def write_down(self, tx: Tx, deps: Dependencies, seen: set[str] | Exception) -> str:
        """Store the answer; return the outcome in a word."""
        del deps
        now = clock.now()
        refused = isinstance(seen, CredentialsRefused)
        connections.note_answer(tx, self.connection, now, refused=refused)
        if isinstance(seen, Exception):
            later = {"due_at": now + wait_to_retry(self.lock.attempts + 1)}
            concluded = locks.conclude(tx, self.lock.id, self.lease.name, **later)
            return "not seen" if concluded else "overtaken"
        held = rivals.still_open(tx, self.lock.id, now)
        missing = [each for each in held if self._is_missing(each, seen)]
        due_at = now + AGAIN if missing else _next(held, now)
        values = {"attempts": 0, "due_at": due_at}
        if not locks.conclude(tx, self.lock.id, self.lease.name, **values):
            return "overtaken"
        for access in held:
            if access in missing:
                _note_missing(tx, access, now)
            elif access.unseen:
                accesses.change(tx, access.id, unseen=0)
        return "missing" if missing else "seen"

    def _is_missing(self, access: Access, seen: set[str]) -> bool:
        """Return whether the code was there before this look began, and is not now."""
        settled = access.status == Status.CREATED and access.lease is None
        made = access.created_at is not None and access.created_at < self.lease.since
        return settled and made and access.wanted and access.ref not in seen


def _note_missing(tx: Tx, access: Access, now: datetime) -> None:
    unseen = access.unseen + 1
    if unseen < MISSING_TWICE:
        accesses.change(tx, access.id, unseen=unseen)
        return
    status = after(Status(access.status), Step.TAKEN)
    gone = {"status": status, "reason": TAKEN, "due_at": None, "made_from": None}
    accesses.change(tx, access.id, **gone)
    if access.booking_ref is not None:
        bookings.set_due(tx, access.connection_id, access.booking_ref, now)


def _next(held: list[Access], now: datetime) -> datetime | None:
    """Return when to look next; None while no code may open the lock."""
    if not held:
        return None
    starts = [each.valid_from - IN_TIME for each in held if each.valid_from]
    return min([now + EVERY, *(at for at in starts if at > now)])
