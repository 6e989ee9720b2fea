"""Bookings: what became of one, and what its customer sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.accesses import Status
from service.store import accesses, bookings, locks, messages
from service.web.api.accesses import AccessGiven, given_all
from service.web.api.messages import MessageGiven
from service.web.api.messages import given as message_given
from service.web.api.shared import connection_of, none_such
from service.web.endpoint import Endpoints
from service.web.fields import Instant, Shape

if TYPE_CHECKING:
    from service.bootstrap import Service
    from service.store.bookings import StoredBooking

endpoints = Endpoints()


class CustomerGiven(Shape):
    """Who booked."""

    name: str
    email: str | None
    phone: str | None
    language: str | None


class BookingGiven(Shape):
    """A booking as its events tell it, with all accesses and messages it ever had."""

    connection: str
    id: str
    resource: str
    start: Instant
    end: Instant
    customer: CustomerGiven
    triggers: list[str]
    cancelled_at: Instant | None
    accesses: list[AccessGiven]
    messages: list[MessageGiven]


class DoorGiven(Shape):
    """A door that the customer may open, and by which code."""

    name: str
    pin: str
    link: str | None
    first_use_by: Instant | None


class CustomersView(Shape):
    """What the customer sees: the booking's own times, never rounded ones (MSG-04)."""

    booking: str
    resource: str
    start: Instant
    end: Instant
    cancelled: bool
    doors: list[DoorGiven]


@endpoints.add(
    "GET", "/api/connections/<connection>/bookings/<path:ref>", gives=BookingGiven
)
def show_booking(service: Service, connection: str, ref: str) -> BookingGiven:
    """Show a booking with its accesses and messages."""
    stored = _stored(service, connection, ref)
    held, told = service.parts.store.read(
        lambda tx: (
            accesses.of_booking(tx, connection, ref),
            messages.of_booking(tx, connection, ref),
        )
    )
    return BookingGiven(
        connection=connection,
        id=ref,
        resource=stored.resource,
        start=stored.start_at,
        end=stored.end_at,
        customer=customer_given(stored),
        triggers=stored.triggers,
        cancelled_at=stored.cancelled_at,
        accesses=given_all(service, held),
        messages=[message_given(each) for each in told],
    )


@endpoints.add(
    "GET",
    "/api/connections/<connection>/bookings/<path:ref>/customer",
    gives=CustomersView,
)
def show_customer(service: Service, connection: str, ref: str) -> CustomersView:
    """Show what the customer of a booking sees."""
    stored = _stored(service, connection, ref)
    return CustomersView(
        booking=ref,
        resource=stored.resource,
        start=stored.start_at,
        end=stored.end_at,
        cancelled=stored.cancelled_at is not None,
        doors=_doors(service, connection, ref),
    )


def _doors(service: Service, connection: str, ref: str) -> list[DoorGiven]:
    store = service.parts.store
    held = store.read(lambda tx: accesses.of_booking(tx, connection, ref))
    made = [each for each in held if each.wanted and each.status == Status.CREATED]
    wanted = {lock for each in made for lock in each.lock_ids}
    hung = store.read(lambda tx: locks.by_ids(tx, wanted))
    return [
        DoorGiven(
            name=", ".join(hung[lock].name for lock in each.lock_ids),
            pin=store.vault.open(each.sealed_pin or "").reveal(),
            link=each.link,
            first_use_by=each.first_use_by,
        )
        for each in made
    ]


def _stored(service: Service, connection: str, ref: str) -> StoredBooking:
    found = connection_of(service, connection)
    stored = service.parts.store.read(lambda tx: bookings.find(tx, found.id, ref))
    if stored is None or stored.booking.by_membership:
        raise none_such("booking", ref)
    return stored


def customer_given(stored: StoredBooking) -> CustomerGiven:
    """Return who booked, or who belongs to the community."""
    known = stored.booking.details.customer
    return CustomerGiven(
        name=known.name,
        email=known.email,
        phone=known.phone,
        language=known.language,
    )
