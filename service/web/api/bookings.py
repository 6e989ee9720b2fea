"""Bookings and memberships: the state of one, and what its customer sees of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from service.app import Service
from service.domain.access import Status
from service.domain.booking import Trigger, ref_of
from service.domain.rules import unmet_reason
from service.domain.schedule import WEEKDAYS
from service.store import accesses, bookings, locks, messages, rules
from service.store.accesses import Access
from service.store.bookings import StoredBooking
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

endpoints = Endpoints()

BOOKING: Final = "/api/connections/<connection>/bookings/<any_id:ref>"
MEMBERSHIP: Final = "/api/connections/<connection>/memberships/<any_id:membership>"


class DoorSchema(Shape):
    """A door that the customer may open, and its code."""

    name: str
    pin: str | None
    link: str | None
    first_use_by: Instant | None


class BookingSchema(Shape):
    """A booking as its events tell it, with all accesses and messages it ever had.

    `status` is the least of its accesses that count now; without any it is cancelled,
    or waiting. `reason` says why, `next_try_at` when something is done about it next.
    `doors` are what its customer sees.
    """

    connection: str
    id: str
    status: str
    reason: str | None
    next_try_at: Instant | None
    doors: list[DoorSchema]
    resource: str
    start: Instant
    end: Instant
    weekdays: list[str]
    customer: CustomerSchema
    triggers: list[str]
    cancelled_at: Instant | None
    accesses: list[AccessSchema]
    messages: list[MessageSchema]


class CustomerView(Shape):
    """What the customer sees: the booking's own times, never rounded ones (MSG-04)."""

    booking: str
    resource: str
    start: Instant
    end: Instant
    weekdays: list[str]
    cancelled: bool
    doors: list[DoorSchema]


@endpoints.add("GET", BOOKING)
def show_booking(service: Service, connection: str, ref: str) -> BookingSchema:
    """Show a booking with its accesses and messages."""
    stored = _stored_booking(service, connection, ref)
    held, planned, triggers = service.deps.store.read(
        lambda tx: (
            accesses.of_booking(tx, connection, ref),
            messages.of_booking(tx, connection, ref),
            rules.triggers(tx, {(connection, each) for each in stored.resources}),
        )
    )
    shown = access_schemas(service, held)
    status, reason = _state(stored, held, set().union(*triggers.values()))
    waits = [stored.due_at, *(each.next_try_at for each in held)]
    waits += [each.due_at for each in planned]
    return BookingSchema(
        connection=connection,
        id=ref,
        status=status,
        reason=reason,
        next_try_at=min(filter(None, waits), default=None),
        doors=_doors(service, held, {each.id: each.pin for each in shown}),
        resource=", ".join(stored.resources),
        start=stored.start_at,
        end=stored.end_at,
        weekdays=[WEEKDAYS[day] for day in stored.weekdays],
        customer=customer_schema(stored),
        triggers=stored.triggers,
        cancelled_at=stored.booking.ended_at,
        accesses=shown,
        messages=[message_schema(each) for each in planned],
    )


LEAST_FIRST = (Status.FAILED, Status.REMOVED, Status.IN_PROGRESS, Status.CREATED)


def _state(
    stored: StoredBooking, held: Sequence[Access], triggers: Collection[Trigger]
) -> tuple[str, str | None]:
    """Return the status of the booking, and why it is that."""
    reason = unmet_reason(stored.booking, triggers)
    if reason is not None:
        return ("cancelled" if stored.booking.cancelled else "waiting"), reason
    for status in LEAST_FIRST:
        for access in held:
            if access.wanted and access.status == status:
                return status, access.reason
    return "waiting", None


@endpoints.add("GET", f"{BOOKING}/customer", gives=CustomerView)
def show_customer(
    service: Service, connection: str, ref: str
) -> CustomerView | BookingSchema:
    """Show what the customer of a booking sees.

    A booking whose own id ends so is shown itself: slashes come in decoded.
    """
    own = f"{ref}/customer"
    if service.deps.store.read(lambda tx: bookings.find(tx, connection, own)):
        return show_booking(service, connection, own)
    stored = _stored_booking(service, connection, ref)
    held = service.deps.store.read(lambda tx: accesses.of_booking(tx, connection, ref))
    return CustomerView(
        booking=ref,
        resource=", ".join(stored.resources),
        start=stored.start_at,
        end=stored.end_at,
        weekdays=[WEEKDAYS[day] for day in stored.weekdays],
        cancelled=stored.booking.cancelled,
        doors=_doors(service, held, pins_of(service, [*filter(_works, held)])),
    )


def _works(access: Access) -> bool:
    return access.wanted and access.status == Status.CREATED


def _doors(
    service: Service, held: Sequence[Access], pins: Mapping[str, str | None]
) -> list[DoorSchema]:
    store, made = service.deps.store, [*filter(_works, held)]
    wanted = {lock for each in made for lock in each.lock_ids}
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


@endpoints.add("GET", MEMBERSHIP)
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
