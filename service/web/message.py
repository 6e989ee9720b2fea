"""The message of a booking platform, as its webhook brings it.

Law: fields that we do not need may be there and are passed over; those that we need
are checked, each by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, RootModel, model_validator

from service.domain.events import Customer, Details, Event, EventType, check_sense
from service.domain.memberships import ref_of
from service.use_cases.receive import Delivery
from service.web.fields import Foreign, Instant, Text, Words, read

if TYPE_CHECKING:
    from datetime import datetime

    from service.store.connections import Connection

SILENT = ("customer", "member")
"""Fields within these are personal: an answer names them, never their values."""


class CustomerTold(Foreign):
    """Who booked, and how a message reaches them: by mail, by phone, or both."""

    name: Words = ""
    email: Words | None = None
    phone: Words | None = None
    language: Words | None = None

    @property
    def customer(self) -> Customer:
        """Return the customer as the domain knows them."""
        return Customer(self.name, self.email, self.phone, self.language)

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not self.email and not self.phone:
            raise ValueError("give email or phone; the code goes there")
        return self


class BookingTold(Foreign):
    """The booking as it is now; times carry an offset."""

    id: Text
    resource: Text
    start: Instant
    end: Instant
    customer: CustomerTold


class MembershipTold(Foreign):
    """Who belongs to which community; the member is told like a customer."""

    id: Text
    community: Text
    member: CustomerTold


class BookingMessage(Foreign):
    """What has happened to a booking, and the booking as it is since."""

    id: Text
    type: Literal[
        "booking.confirmed",
        "booking.paid",
        "booking.starting",
        "booking.changed",
        "booking.cancelled",
    ]
    occurred_at: Instant
    booking: BookingTold

    @property
    def event(self) -> Event:
        """Return the event as the domain knows it."""
        told = self.booking
        details = Details(told.resource, told.start, told.end, told.customer.customer)
        return Event(self.id, EventType(self.type), self.occurred_at, told.id, details)


class MembershipMessage(Foreign):
    """What has happened to a membership."""

    id: Text
    type: Literal["membership.started", "membership.ended"]
    occurred_at: Instant
    membership: MembershipTold

    @property
    def event(self) -> Event:
        """Return the event as the domain knows it: a booking without an end."""
        told, at = self.membership, self.occurred_at
        details = Details(told.community, at, None, told.member.customer)
        return Event(self.id, EventType(self.type), at, ref_of(told.id), details)


class Message(RootModel[BookingMessage | MembershipMessage]):
    """A message about a booking or a membership, told apart by its `type`."""

    root: Annotated[BookingMessage | MembershipMessage, Field(discriminator="type")]


def delivery(
    connection: Connection, message: BookingMessage | MembershipMessage, at: datetime
) -> Delivery:
    """Return the message as the use case takes it, or raise `Senseless`."""
    event = message.event
    check_sense(event)
    return Delivery(
        connection=connection,
        id=message.id,
        type=message.type,
        occurred_at=message.occurred_at,
        content=message.model_dump_json(),
        received_at=at,
        event=event,
    )


def read_message(body: bytes) -> BookingMessage | MembershipMessage:
    """Return the message, or the problem that names each wrong field."""
    return read(Message, body, silent=SILENT, skip=1).root
