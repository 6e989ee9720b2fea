"""Bookings and memberships: the state of one, and what its customer sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.access import Status
from service.domain.booking import ref_of
from service.domain.schedule import WEEKDAYS
from service.store import accesses, bookings, locks, messages
from service.web.openapi import Endpoints
from service.web.read_models import (
    AccessSchema,
    CustomerSchema,
    MessageSchema,
    access_schemas,
    connection_of,
    customer_schema,
    message_schema,
    none_such,
    pins_of,
)
from service.web.validation import Instant, Shape

if TYPE_CHECKING:
    from service.app import Service
    from service.store.bookings import StoredBooking

endpoints = Endpoints()


class BookingSchema(Shape):
    """A booking as its events tell it, with all accesses and messages it ever had."""

    connection: str
    id: str
    resource: str
    start: Instant
    end: Instant
    weekdays: list[str]
    customer: CustomerSchema
    triggers: list[str]
    cancelled_at: Instant | None
    accesses: list[AccessSchema]
    messages: list[MessageSchema]


class DoorSchema(Shape):
    """A door that the customer may open, and its code."""

    name: str
    pin: str | None
    link: str | None
    first_use_by: Instant | None


class CustomerView(Shape):
    """What the customer sees: the booking's own times, never rounded ones (MSG-04)."""

    booking: str
    resource: str
    start: Instant
    end: Instant
    weekdays: list[str]
    cancelled: bool
    doors: list[DoorSchema]


@endpoints.add(
    "GET", "/api/connections/<connection>/bookings/<any_id:ref>", gives=BookingSchema
)
def show_booking(service: Service, connection: str, ref: str) -> BookingSchema:
    """Show a booking with its accesses and messages."""
    return _booking_schema(service, connection, ref)


def _booking_schema(service: Service, connection: str, ref: str) -> BookingSchema:
    stored = _stored_booking(service, connection, ref)
    held, planned = service.deps.store.read(
        lambda tx: (
            accesses.of_booking(tx, connection, ref),
            messages.of_booking(tx, connection, ref),
        )
    )
    return BookingSchema(
        connection=connection,
        id=ref,
        resource=", ".join(stored.resources),
        start=stored.start_at,
        end=stored.end_at,
        weekdays=[WEEKDAYS[day] for day in stored.weekdays],
        customer=customer_schema(stored),
        triggers=stored.triggers,
        cancelled_at=stored.booking.ended_at,
        accesses=access_schemas(service, held),
        messages=[message_schema(each) for each in planned],
    )


@endpoints.add(
    "GET",
    "/api/connections/<connection>/bookings/<any_id:ref>/customer",
    gives=CustomerView,
)
def show_customer(
    service: Service, connection: str, ref: str
) -> CustomerView | BookingSchema:
    """Show what the customer of a booking sees.

    A booking whose own id ends so is shown itself: slashes come in decoded.
    """
    own = f"{ref}/customer"
    if service.deps.store.read(lambda tx: bookings.find(tx, connection, own)):
        return _booking_schema(service, connection, own)
    stored = _stored_booking(service, connection, ref)
    return CustomerView(
        booking=ref,
        resource=", ".join(stored.resources),
        start=stored.start_at,
        end=stored.end_at,
        weekdays=[WEEKDAYS[day] for day in stored.weekdays],
        cancelled=stored.booking.cancelled,
        doors=_doors(service, connection, ref),
    )


def _doors(service: Service, connection: str, ref: str) -> list[DoorSchema]:
    store = service.deps.store
    held = store.read(lambda tx: accesses.of_booking(tx, connection, ref))
    made = [each for each in held if each.wanted and each.status == Status.CREATED]
    wanted = {lock for each in made for lock in each.lock_ids}
    pins = pins_of(service, made)
    names = locks.names(store.read(lambda tx: locks.by_ids(tx, wanted)).values())
    return [
        DoorSchema(
            name=", ".join(names[lock] for lock in each.lock_ids),
            pin=pins.get(each.id),
            link=each.link,
            first_use_by=each.first_use_by,
        )
        for each in made
    ]


def _stored_booking(service: Service, connection: str, ref: str) -> StoredBooking:
    found = connection_of(service, connection)
    stored = service.deps.store.read(lambda tx: bookings.find(tx, found.id, ref))
    if stored is None or stored.booking.by_membership:
        raise none_such("booking", ref)
    return stored


class MembershipSchema(Shape):
    """A membership as its events tell it, with all it ever opened.

    After `ended_at` an access that is not removed yet says in its `notice` that it
    still opens the door.
    """

    connection: str
    id: str
    community: str
    member: CustomerSchema
    since: Instant
    ended_at: Instant | None
    accesses: list[AccessSchema]
    messages: list[MessageSchema]


@endpoints.add(
    "GET",
    "/api/connections/<connection>/memberships/<any_id:membership>",
    gives=MembershipSchema,
)
def show_membership(
    service: Service, connection: str, membership: str
) -> MembershipSchema:
    """Show a membership with its accesses and messages (EXV-02)."""
    of = connection_of(service, connection).id, ref_of(membership)
    stored, held, planned = service.deps.store.read(
        lambda tx: (
            bookings.find(tx, *of),
            accesses.of_booking(tx, *of),
            messages.of_booking(tx, *of),
        )
    )
    if stored is None:
        raise none_such("membership", membership)
    return MembershipSchema(
        connection=connection,
        id=membership,
        community=stored.resource,
        member=customer_schema(stored),
        since=stored.start_at,
        ended_at=stored.booking.ended_at,
        accesses=access_schemas(service, held),
        messages=[message_schema(each) for each in planned],
    )
