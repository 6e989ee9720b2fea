"""Watch locks: see what their vendor says of them, and which codes they have (CON-13).

Invariants: one call a lock for its codes, however many it has, and one an account for
all its devices: once a day while a code may open the lock, the nearer its beginning the
more often, hourly at last, and at once when the vendor's webhook names it.
A code counts as taken away once it was missing twice in a row, since one empty list is
no proof. It is then made anew where a rule says so; otherwise its access is removed,
and the owner is told. So are troubles of a lock and refused credentials, once each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from service import clock
from service.domain.access import Status, Step, after
from service.domain.retry import wait_to_retry
from service.ids import new_id
from service.ports import LockVendor, VendorLock
from service.store import accesses, bookings, keys, locks, rivals, rules
from service.store.accesses import Access
from service.store.connections import Connection
from service.store.database import Tx
from service.store.keys import StoredKey
from service.store.leases import Lease
from service.store.locks import Lock
from service.store.messages import MessageKind
from service.use_cases.context import Account, Dependencies, account_of, answer_of
from service.use_cases.notices import Notice, notify_of_refusal, send_notice

EVERY: Final = timedelta(days=1)
WHEN_FAR: Final = timedelta(days=7)
"""How often a lock is looked at whose next code begins in more than `FAR`."""

FAR: Final = timedelta(days=14)
HOURS_BEFORE: Final = tuple(range(24, 0, -1))
"""How long before a code begins its lock is looked at: what goes wrong in the last day
is known within the hour."""

BEFORE: Final = (FAR, *(timedelta(hours=each) for each in HOURS_BEFORE))
MISSING_TWICE: Final = 2
TAKEN: Final = "by the system: somebody took the code away at the vendor"


class Seen(NamedTuple):
    """What the vendor says: all devices, and the refs of the lock's codes.

    None is what was not asked for.
    """

    asked_at: datetime
    devices: list[VendorLock] | None
    refs: set[str] | None


def prepare(tx: Tx, deps: Dependencies, lock_id: str, lease: Lease) -> LockCheck | None:
    """Return the look to take, leased; None where there is nothing to see."""
    lock = locks.get(tx, lock_id)
    account = account_of(tx, deps, lock.connection_id)
    held = rivals.not_over(tx, lock.id, lease.since)
    listed = lease.since - lock.seen_at < locks.FRESH
    shows_codes = account.vendor.revocation is not None and lock.unusable_reason != GONE
    if not held or (listed and not shows_codes):
        locks.change(tx, lock.id, due_at=_next(held, lease.since), lease=None)
        return None
    locks.change(tx, lock.id, **lease.columns(lock.attempts))
    return LockCheck(lock, account, lease, listed)


@dataclass(frozen=True, slots=True)
class LockCheck:
    """A look under way; `lock` is as it was before, `listed` that its device is known.

    The devices of an account are listed together, so the first of its locks does it.
    """

    lock: Lock
    account: Account
    lease: Lease
    listed: bool

    def ask(self) -> Seen | Exception:
        """Return what the vendor says of the devices and of the lock's codes."""
        return answer_of(self._look)

    def _look(self) -> Seen:
        vendor, credentials = self.account.vendor, self.account.credentials
        vendor_id, asked_at = self.lock.vendor_id, clock.now()
        devices = None if self.listed else vendor.locks(credentials)
        known = devices is None or vendor_id in {each.vendor_id for each in devices}
        if vendor.revocation is None or not known:
            return Seen(asked_at, devices, None)
        refs = vendor.revocation.list_refs(credentials, vendor_id)
        return Seen(asked_at, devices, refs)

    def write_down(self, tx: Tx, deps: Dependencies, seen: Seen | Exception) -> str:
        """Store the answer; return the outcome in a word."""
        del deps
        now = clock.now()
        self.account.note_answer(tx, seen, now)
        if isinstance(seen, Exception):
            later = {"due_at": now + wait_to_retry(self.lock.attempts + 1)}
            concluded = locks.conclude(tx, self.lock.id, self.lease.name, **later)
            notify_of_refusal(tx, self.account.connection.id, now)
            return "not seen" if concluded else "overtaken"
        if seen.devices is not None:
            vendor, connection = self.account.vendor, self.account.connection
            note_devices(tx, vendor, connection, seen.devices, seen.asked_at)
        held = rivals.still_open(tx, self.lock.id, now)
        missing = [each for each in held if self._is_missing(each, seen.refs)]
        due_at = now + locks.AGAIN if missing else _next(held, now)
        values = {"attempts": 0, "due_at": due_at}
        if not locks.conclude(tx, self.lock.id, self.lease.name, **values):
            return "overtaken"
        for access in held:
            if access in missing:
                _note_missing(tx, access, now)
            elif access.unseen:
                accesses.change(tx, access.id, unseen=0)
        self._note_troubles(tx, held, seen.refs, now)
        return "missing" if missing else "seen"

    def _is_missing(self, access: Access, refs: set[str] | None) -> bool:
        """Return whether the code was there before this look began, and is not now."""
        settled = access.status == Status.CREATED and access.lease is None
        made = access.created_at is not None and access.created_at < self.lease.since
        there = refs is None or access.ref in refs
        return settled and made and access.wanted and not there

    def _note_troubles(
        self, tx: Tx, held: list[Access], refs: set[str] | None, now: datetime
    ) -> None:
        """Store what is wrong with the lock, and tell the owner of what is new."""
        lock = locks.get(tx, self.lock.id)
        troubles = list(_troubles_of(lock))
        capacity, others = self.account.vendor.capacity, lock.other_refs
        if refs is not None:
            if capacity is not None and len(refs) >= capacity:
                troubles.append(FULL)
            unknown = sorted(refs - {each.ref for each in held})
            new = set(unknown) - set(others if others is not None else unknown)
            if not new or not accesses.any_under_way(tx, lock.connection_id):
                strays = rivals.strays(tx, lock.id, new)
                troubles += [STRAY.format(ref=each) for each in strays]
                still_there = {STRAY.format(ref=each) for each in unknown}
                troubles += [each for each in lock.troubles if each in still_there]
                others = unknown
        values = {"troubles": list(dict.fromkeys(troubles)), "other_refs": others}
        if values != {"troubles": lock.troubles, "other_refs": lock.other_refs}:
            locks.change(tx, lock.id, **values)
        added = [each for each in troubles if each not in lock.troubles]
        if added and self.account.connection.owner_email:
            notice = Notice(MessageKind.LOCK, f"{now} {added}", lock=lock)
            send_notice(tx, self.account.connection, notice, now)


FULL: Final = "it has all the codes that it has room for; delete some that are not used"
EMPTY: Final = "its battery is nearly empty; change it"
STRAY: Final = "it has the code {ref}, which is no booking's; delete it, or keep it"

LOW_BATTERY: Final = 20


def _troubles_of(lock: Lock) -> Iterable[str]:
    """Yield in sentences why the device may not open."""
    if not lock.usable:
        yield f"it cannot be used: {lock.unusable_reason}"
    if lock.battery is not None and lock.battery < LOW_BATTERY:
        yield EMPTY


def _note_missing(tx: Tx, access: Access, now: datetime) -> None:
    unseen = access.unseen + 1
    if unseen < MISSING_TWICE:
        accesses.change(tx, access.id, unseen=unseen)
        return
    status = after(Status(access.status), Step.TAKEN)
    gone = {"status": status, "reason": TAKEN, "due_at": None, "made_from": None}
    accesses.change(tx, access.id, **gone, wanted=not _made_anew(tx, access))
    if access.booking_ref is not None:
        bookings.set_due(tx, access.connection_id, access.booking_ref, now)


def _made_anew(tx: Tx, access: Access) -> bool:
    """Return whether a rule has codes made anew that were taken away."""
    wanted = {access.resource} if access.resource else set()
    found = rules.for_resources(tx, access.connection_id, wanted)
    return any(rule.remake_codes and access.lock_id in rule.locks for rule in found)


def _next(held: list[Access], now: datetime) -> datetime | None:
    """Return when to look next; None while no code may open the lock."""
    return min((_next_look(each.valid_from, now) for each in held), default=None)


def _next_look(begins: datetime | None, now: datetime) -> datetime:
    """Return when to look next at the lock of a code that begins then."""
    ahead = begins - now if begins else timedelta(0)
    nearer = [now + ahead - each for each in BEFORE if each < ahead]
    return min([now + (EVERY if ahead <= FAR else WHEN_FAR), *nearer])


GONE = "the vendor no longer lists this device"
PERCENT: Final = range(101)


def note_devices(
    tx: Tx,
    vendor: LockVendor,
    connection: Connection,
    devices: Iterable[VendorLock],
    asked_at: datetime,
) -> None:
    """Store the devices that the vendor listed; keys among them are polled.

    A lock is in the zone that its vendor gives; where it gives none, a new one is in
    the connection's. What waits for a lock that can be used again is asked again.
    Nothing changes where a lock was seen by a list that was asked for later.
    """
    known = {lock.vendor_id: lock for lock in locks.of_connection(tx, connection.id)}
    if _is_overtaken(known.values(), asked_at):
        return
    for device in devices:
        lock = known.pop(device.vendor_id, None)
        if lock is None:
            _add_device(tx, vendor, connection, device, asked_at)
        else:
            _note_device(tx, lock, device, asked_at)
    for gone in known.values():
        _change(tx, gone, {"usable": False, "unusable_reason": GONE})
        if gone.usable:
            look_at_codes(tx, gone.id, asked_at)
    locks.note_seen(tx, connection.id, asked_at)


def _is_overtaken(known: Iterable[Lock], asked_at: datetime) -> bool:
    """Return whether a later list is stored; none is later than the present.

    One that seems to be was stored before the clock was set back.
    """
    now = clock.now()
    return any(asked_at < lock.seen_at <= now for lock in known)


def _add_device(
    tx: Tx,
    vendor: LockVendor,
    connection: Connection,
    device: VendorLock,
    now: datetime,
) -> None:
    columns = {"timezone": connection.timezone} | _columns(device)
    if device.return_code:
        columns["sealed_return_code"] = tx.vault.seal(device.return_code)
    new = Lock(new_id("lock", now), connection.id, seen_at=now, **columns)
    locks.GATEWAY.add(tx, new)
    if vendor.keys is not None:
        keys.GATEWAY.add(tx, StoredKey(new.id, connection.id, due_at=now))


def _note_device(tx: Tx, lock: Lock, device: VendorLock, now: datetime) -> None:
    columns = _columns(device)
    code, sealed = device.return_code, lock.sealed_return_code
    if code != (tx.vault.open(sealed) if sealed else None):
        columns["sealed_return_code"] = tx.vault.seal(code) if code else None
    _change(tx, lock, columns)
    if device.usable and not lock.usable:
        accesses.look_again(tx, now, lock_id=lock.id)
    zone = columns.get("timezone", lock.timezone)
    if (zone, device.usable) != (lock.timezone, lock.usable):
        look_at_codes(tx, lock.id, now)


def _change(tx: Tx, lock: Lock, columns: dict[str, Any]) -> None:
    """Store what differs, which is mostly nothing."""
    said = columns.items()
    changed = {name: value for name, value in said if value != getattr(lock, name)}
    locks.change(tx, lock.id, **changed)


def look_at_codes(tx: Tx, lock_id: str, now: datetime) -> None:
    """Have the codes of a lock looked at again, which is not as it was."""
    for access in accesses.to_come(tx, lock_id, now):
        if access.booking_ref is not None:
            of = access.connection_id, access.booking_ref
            bookings.set_due(tx, *of, now)
            accesses.ask_again(tx, *of, now)


def _columns(device: VendorLock) -> dict[str, Any]:
    """Return what the vendor says of a device in the clear, in the lock's columns."""
    names = [each.name for each in fields(device) if each.name != "return_code"]
    columns = {name: getattr(device, name) for name in names}
    if device.timezone is None:
        del columns["timezone"]
    if device.battery is not None and device.battery not in PERCENT:
        columns["battery"] = None
    return columns
