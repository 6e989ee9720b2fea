"""Follow: a key is looked for at the vendor, and what is seen is written down.

Law: where a key is, is what the vendor showed at the last look, and nothing else. An
event only makes a look due, so events that come twice, late or out of order end in
the same state (LIV-07). Looks are due at the ends that matter and, where no event
tells, now and then while somebody may have the key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service import clock
from service.domain.keys import NO_TERMS, Place, Sighting, next_look, place, witness
from service.store import accesses, connections, keys, locks, rules
from service.store.messages import Kind
from service.store.stays import last_stay, stays_from
from service.use_cases.setbacks import setback
from service.use_cases.tell_manager import News, take_back, tell

if TYPE_CHECKING:
    from datetime import datetime

    from service.domain.keys import Key, Outlook, Returning, Stay
    from service.ports import Credentials, LockVendor
    from service.store.accesses import Access
    from service.store.keys import StoredKey
    from service.store.leases import Lease
    from service.store.locks import Lock
    from service.store.tx import Tx
    from service.use_cases.parts import Parts

    Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Late:
    """When an access's key is due back, and from when on it is overdue."""

    access: Access
    back_at: datetime
    overdue_at: datetime
    terms: Returning
    rule_id: str


def prepare(tx: Tx, parts: Parts, key: StoredKey, lease: Lease) -> Look:
    """Return the look to make, leased."""
    connection = connections.get(tx, key.connection_id)
    attempts = key.attempts + 1
    keys.change(tx, key.id, attempts=attempts, due_at=lease.until, lease=lease.name)
    vendor = parts.vendors[connection.vendor]
    credentials = tx.vault.open_all(connection.sealed_credentials)
    return Look(key, locks.get(tx, key.id), vendor, credentials, lease)


@dataclass(frozen=True, slots=True)
class Look:
    """A look under way; `key` is as it was before."""

    key: StoredKey
    lock: Lock
    vendor: LockVendor
    credentials: Credentials
    lease: Lease

    def ask(self, parts: Parts) -> Sighting | Exception:
        """Return what the vendor shows of the key."""
        del parts
        try:
            return self.vendor.sight(self.credentials, self.lock.vendor_id)
        except Exception as error:  # noqa: BLE001 (a fault in a vendor too)
            return error

    def write_down(self, tx: Tx, parts: Parts, seen: Sighting | Exception) -> str:
        """Return in a word how it went."""
        del parts
        now = clock.now()
        if isinstance(seen, Exception):
            values = self._setback(seen, now)
            concluded = keys.conclude(tx, self.key.id, self.lease.name, **values)
            return "not seen" if concluded else "overtaken"
        stays = _stays_at(tx, self.key.id, seen, now)
        outlook = witness(self.key.key, seen, stays, now)
        late = late_of(tx, outlook.key.holder)
        values = keys.columns(outlook.key) | {
            "booking_ref": late.access.booking_ref if late else None,
            "warning": seen.warning,
            "reason": None,
            "seen_at": now,
            "attempts": 0,
            "due_at": _next(outlook.key, stays, late, now),
        }
        if not keys.conclude(tx, self.key.id, self.lease.name, **values):
            return "overtaken"
        self._tell(tx, outlook, late, now)
        return place(outlook.key, late.overdue_at if late else None, now)

    def _setback(self, error: Exception, now: datetime) -> Values:
        back = setback(
            error, key=self.key.id, attempts=self.key.attempts + 1, now=now, until=None
        )
        values: Values = {"reason": back.reason, "due_at": back.due_at}
        return values if back.due_at else values | {"inside": None}

    def _tell(self, tx: Tx, outlook: Outlook, late: Late | None, now: datetime) -> None:
        connection = connections.get(tx, self.key.connection_id)
        back = late_of(tx, outlook.key.returned_by) if outlook.came_back else None
        if back:
            take_back(tx, back.access)
        if back and back.terms.tell_returns:
            at = outlook.key.returned_at or now
            news = News(Kind.RETURNED, back.access, back.rule_id, at)
            tell(tx, connection, news, now)
        if late and place(outlook.key, late.overdue_at, now) is Place.OVERDUE:
            news = News(Kind.OVERDUE, late.access, late.rule_id, late.back_at)
            tell(tx, connection, news, now)


def plan_look(tx: Tx, lock_id: str, now: datetime) -> None:
    """Note when to look at a lock's key, after an access to it has changed.

    A look that is under way sees the change by itself.
    """
    stored = keys.find(tx, lock_id)
    if stored is None or stored.lease is not None:
        return
    key = stored.key
    late = late_of(tx, key.holder)
    at = now if not key.inside else _next(key, stays_from(tx, lock_id, now), late, now)
    keys.change(tx, lock_id, due_at=at)


def _stays_at(tx: Tx, lock_id: str, seen: Sighting, now: datetime) -> list[Stay]:
    """Return whose time with the key may explain what was seen, and who comes next."""
    stays = stays_from(tx, lock_id, min(seen.since or now, now))
    missing = not seen.inside and seen.since is None
    return stays + last_stay(tx, lock_id, now) if missing else stays


def late_of(tx: Tx, access_id: str | None) -> Late | None:
    """Return when the key of this access is due; None for nobody, or without end."""
    access = accesses.by_id(tx, access_id) if access_id else None
    if access is None or access.ends_at is None:
        return None
    wanted = {access.resource} if access.resource else set()
    found = rules.for_resources(tx, access.connection_id, wanted)
    mine = [rule for rule in found if access.lock_id in rule.locks]
    terms = mine[0].returning if mine else NO_TERMS
    for rule in mine[1:]:
        terms = terms.strictest(rule.returning)
    back_at = access.ends_at
    rule_id = mine[0].id if mine else ""
    return Late(access, back_at, back_at + terms.delay, terms, rule_id)


def _next(
    key: Key, stays: list[Stay], late: Late | None, now: datetime
) -> datetime | None:
    return next_look(key, stays, late.overdue_at if late else None, now)
