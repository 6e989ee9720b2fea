"""Bookings, as the sum of their events so far; the sum is `domain/bookings.py`.

A booking whose accesses do not yet follow from it has `due_at`. A membership, whose
end is not known, is kept with `NEVER` as its end.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING
from typing import Final

from service.domain.bookings import Booking
from service.domain.events import LATEST
from service.domain.events import Customer
from service.domain.events import Details
from service.domain.events import Trigger
from service.store import tables
from service.store.record import record
from service.store.shelf import Shelf

if TYPE_CHECKING:
    from datetime import datetime

    from service.store.tx import Tx


@record
class StoredBooking:
    """A booking of one connection, in the columns of its table."""

    connection_id: str
    ref: str
    resource: str
    start_at: datetime
    end_at: datetime
    customer: dict[str, str]
    occurred_at: datetime
    event_id: str
    triggers: list[str]
    cancelled_at: datetime | None
    due_at: datetime | None

    @property
    def booking(self) -> Booking:
        """Return the booking as the domain knows it."""
        customer = Customer(**self.customer)
        end = None if self.end_at == NEVER else self.end_at
        return Booking(
            ref=self.ref,
            details=Details(self.resource, self.start_at, end, customer),
            occurred_at=self.occurred_at,
            event_id=self.event_id,
            triggers=frozenset(Trigger(trigger) for trigger in self.triggers),
            cancelled_at=self.cancelled_at,
        )


NEVER: Final = LATEST
"""No event may name this instant, or a later one."""

SHELF: Final = Shelf(tables.bookings, StoredBooking)


def find(tx: Tx, connection_id: str, ref: str) -> StoredBooking | None:
    """Return the booking, or None."""
    return SHELF.find(tx, **_this(connection_id, ref))


def get(tx: Tx, connection_id: str, ref: str) -> Booking:
    """Return the booking of a record that cannot be without one."""
    stored = find(tx, connection_id, ref)
    if stored is None:
        raise LookupError(f"no booking {ref} of connection {connection_id}")
    return stored.booking


def hold(tx: Tx, connection_id: str, ref: str) -> StoredBooking | None:
    """Return the booking, held until the end of the transaction, or None."""
    return SHELF.hold(tx, **_this(connection_id, ref))


def save(
    tx: Tx, connection_id: str, booking: Booking, *, new: bool, due_at: datetime | None
) -> None:
    """Store the booking; `due_at` is when its accesses are to be brought in line."""
    stored = _stored(connection_id, booking, due_at)
    if new:
        SHELF.add(tx, stored)
    else:
        SHELF.change(tx, _this(connection_id, booking.ref), **asdict(stored))


def mark(tx: Tx, connection_id: str, ref: str, due_at: datetime | None) -> None:
    """Note when the booking's accesses are to be brought in line; None is: they are."""
    SHELF.change(tx, _this(connection_id, ref), due_at=due_at)


def _this(connection_id: str, ref: str) -> dict[str, str]:
    return {"connection_id": connection_id, "ref": ref}


def _stored(
    connection_id: str, booking: Booking, due_at: datetime | None
) -> StoredBooking:
    details, customer = booking.details, booking.details.customer
    known = (
        ("name", customer.name),
        ("email", customer.email),
        ("phone", customer.phone),
        ("language", customer.language),
    )
    return StoredBooking(
        connection_id=connection_id,
        ref=booking.ref,
        resource=details.resource,
        start_at=details.start,
        end_at=details.end or NEVER,
        customer={name: value for name, value in known if value is not None},
        occurred_at=booking.occurred_at,
        event_id=booking.event_id,
        triggers=sorted(booking.triggers),
        cancelled_at=booking.cancelled_at,
        due_at=due_at,
    )
