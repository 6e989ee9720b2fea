"""What use cases work with: dependencies, an account, one reconciliation's context.

It stands apart because many use cases share it and none of them may import another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from service.domain.access import AccessFacts, Ending, Status, after, ending
from service.domain.booking import Booking
from service.domain.errors import NoWindow
from service.domain.rules import Wanted
from service.domain.schedule import Neighbour, Window
from service.ports import Code, Credentials, CredentialsRefused, LockVendor, Outbox
from service.settings import Settings
from service.store import accesses, bookings, connections, locks, rivals
from service.store.accesses import Access
from service.store.connections import Connection
from service.store.database import Tx
from service.store.locks import Lock
from service.store.store import Store

Vendors = Mapping[str, LockVendor]

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the use cases work with: store, vendors, outbox and settings.

    `vendors` are by name.
    """

    store: Store
    vendors: Vendors
    outbox: Outbox
    settings: Settings


@dataclass(frozen=True, slots=True)
class ReconcileContext:
    """One booking at one moment, and what decisions about it need."""

    tx: Tx
    now: datetime
    connection_id: str
    vendor: LockVendor
    booking: Booking
    _zones: dict[str, ZoneInfo] = field(default_factory=dict)

    def zone(self, lock_id: str) -> ZoneInfo:
        """Return the time zone on the lock's own clock, looked up once."""
        if lock_id not in self._zones:
            self._zones[lock_id] = locks.get(self.tx, lock_id).zone
        return self._zones[lock_id]

    def plan(self, wanted: Wanted, now: datetime) -> Window:
        """Return the vendor's window for what is wanted, or raise `NoWindow`."""
        lock, ref = wanted.lock, self.booking.ref
        beside = neighbours(self.tx, self.vendor, lock, ref, self.now)
        return planned(
            self.vendor, wanted, now=now, zone=self.zone(lock), beside=beside
        )


@dataclass(frozen=True, slots=True)
class Account:
    """A connection with its vendor, and the credentials for calls to it."""

    connection: Connection
    vendor: LockVendor
    credentials: Credentials

    def note_answer(self, tx: Tx, answer: object, now: datetime) -> None:
        """Note whether the vendor took the credentials, where that is news."""
        refused, of = isinstance(answer, CredentialsRefused), self.connection
        if refused and of.refused_at is None:
            connections.change(tx, of.id, refused_at=now)
        elif of.refused_at is not None and not refused:
            connections.change(tx, of.id, refused_at=None, refusal_told_at=None)


def account_of(tx: Tx, deps: Dependencies, connection_id: str) -> Account:
    """Return the connection's account."""
    connection = connections.get(tx, connection_id)
    credentials = tx.vault.open_all(connection.sealed_credentials)
    return Account(connection, deps.vendors[connection.vendor], credentials)


def answer_of(call: Callable[[], Answer]) -> Answer | Exception:
    """Return what the call is answered with, or what went wrong: a fault of ours too.

    One call stops no other.
    """
    try:
        return call()
    except Exception as error:  # noqa: BLE001 (a fault in a vendor's folder too)
        return error


def ended_columns(
    access: Access, vendor: LockVendor, zone: tzinfo, now: datetime
) -> tuple[Ending, dict[str, Any]]:
    """Return how the access ends that is no longer wanted, and its columns then."""
    status = Status(access.status)
    facts = AccessFacts(
        status=status,
        revocable=vendor.revocation is not None,
        answer_lost=access.answer_lost,
        valid_until=access.valid_until,
        zone=zone,
        keeps_expired_codes=vendor.keeps_expired_codes,
        deleted_where=vendor.deleted_where,
    )
    how = ending(facts, now)
    return how, {
        "status": after(status, how.step) if how.step else status,
        "cancelled_at": now,
        "works_until": how.works_until,
        "notice": how.notice,
        **accesses.AFRESH,
        "due_at": now if how.revoke else None,
        "lease": None,
    }


def code_of(tx: Tx, access: Access, lock: Lock) -> Code:
    """Return the access's code, as its vendor is asked to take it back."""
    return Code(
        lock.vendor_id,
        access.name,
        access.ref,
        tx.vault.open(access.sealed_pin) if access.sealed_pin else None,
        ordered_at=access.planned_at,
        repeated=access.attempts > 0,
        access=access.id,
        options=tuple(access.options),
    )


def neighbours(
    tx: Tx, vendor: LockVendor, lock_id: str, ref: str | None, now: datetime
) -> list[Neighbour]:
    """Return what others have, or ask for, of a lock that one at a time may have."""
    if not vendor.one_at_a_time:
        return []
    others = rivals.not_over(tx, lock_id, now)
    found = (each.neighbour for each in others if not ref or each.booking_ref != ref)
    return [each for each in found if each]


def ask_neighbours(ctx: ReconcileContext, lock_id: str, window: Window) -> None:
    """Have those bookings looked at whose margins reach into the window."""
    if not ctx.vendor.one_at_a_time:
        return
    for each in rivals.not_over(ctx.tx, lock_id, ctx.now):
        ref, met = each.booking_ref, each.window and each.window.meets(window)
        if met and ref is not None and ref != ctx.booking.ref:
            bookings.set_due(ctx.tx, each.connection_id, ref, ctx.now)


def planned(
    vendor: LockVendor,
    wanted: Wanted,
    *,
    now: datetime,
    zone: tzinfo,
    beside: Iterable[Neighbour] = (),
) -> Window:
    """Return the vendor's window, a recurring key's with its grace; or `NoWindow`.

    Margins give way to others `beside`.
    """
    start, end = wanted.start, wanted.end
    margin = wanted.margin.between(start, end, beside)
    if wanted.recurring is None:
        return vendor.planner.plan(start, end, now=now, zone=zone, margin=margin)
    grace = wanted.recurring.grace
    opens, closes = start - margin.before - grace, end + margin.after + grace
    if vendor.recurring is None:
        raise NoWindow(
            f"{vendor.name} has no keys for some weekdays; send a booking for each day"
        )
    return vendor.recurring.plan(wanted.recurring, opens, closes, now=now, zone=zone)
