"""What use cases work with: the dependencies, and the context of one reconciliation.

It stands apart because many use cases share it and none of them may import another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.domain.errors import NoWindow
from service.ports import Code
from service.store import locks, rivals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, tzinfo
    from zoneinfo import ZoneInfo

    from service.domain.booking import Booking
    from service.domain.rules import Wanted
    from service.domain.schedule import Window
    from service.ports import LockVendor, Outbox
    from service.settings import Settings
    from service.store.accesses import Access
    from service.store.database import Tx
    from service.store.locks import Lock
    from service.store.store import Store

    Vendors = Mapping[str, LockVendor]


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

    def zone(self, lock_id: str) -> ZoneInfo:
        """Return the time zone on the lock's own clock."""
        return locks.get(self.tx, lock_id).zone

    def plan(self, wanted: Wanted, now: datetime) -> Window:
        """Return the vendor's window for what is wanted, or raise `NoWindow`."""
        lock, ref = wanted.lock, self.booking.ref
        beside = windows_beside(self.tx, self.vendor, lock, ref, self.now)
        return planned(
            self.vendor, wanted, now=now, zone=self.zone(lock), beside=beside
        )


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


def windows_beside(
    tx: Tx, vendor: LockVendor, lock_id: str, ref: str | None, now: datetime
) -> list[Window]:
    """Return the windows that others have of a lock that one at a time may have."""
    if not vendor.one_at_a_time:
        return []
    others = rivals.still_open(tx, lock_id, now)
    return [
        each.window
        for each in others
        if each.window and (ref is None or each.booking_ref != ref)
    ]


def planned(
    vendor: LockVendor,
    wanted: Wanted,
    *,
    now: datetime,
    zone: tzinfo,
    beside: Iterable[Window] = (),
) -> Window:
    """Return the vendor's window, a recurring key's with its grace; or `NoWindow`.

    Margins give way to the windows of others `beside`.
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
