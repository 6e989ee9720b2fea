"""The message of a booking platform, as its webhook brings it.

Invariants: fields that we do not need may be there and are passed over; those that we
need are checked, each by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, RootModel, model_validator

from service.domain.booking import (
    Customer,
    Details,
    Event,
    EventType,
    ref_of,
    validate_event,
)
from service.use_cases.receive import IncomingEvent
from service.web.fields import Instant, OptionalText, Payload, ShortText, read

if TYPE_CHECKING:
    from datetime import datetime

    from service.store.connections import Connection

SILENT = ("customer", "member")
"""Fields within these are personal: an answer names them, never their values."""


class CustomerPayload(Payload):
    """Who booked, and how a message reaches them: by mail, by phone, or both."""

    name: OptionalText = ""
    email: OptionalText | None = None
    phone: OptionalText | None = None
    language: OptionalText | None = None

    @property
    def customer(self) -> Customer:
        """Return the customer as the domain knows them."""
        return Customer(self.name, self.email, self.phone, self.language)

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not self.email and not self.phone:
            raise ValueError("give email or phone; the code goes there")
        return self


class BookingPayload(Payload):
    """The booking as it is now; times carry an offset."""

    id: ShortText
    resource: ShortText
    start: Instant
    end: Instant
    customer: CustomerPayload


class MembershipPayload(Payload):
    """Who belongs to which community; the member is told like a customer."""

    id: ShortText
    community: ShortText
    member: CustomerPayload


class BookingEventPayload(Payload):
    """What has happened to a booking, and the booking as it is since."""

    id: ShortText
    type: Literal[
        "booking.confirmed",
        "booking.paid",
        "booking.starting",
        "booking.changed",
        "booking.cancelled",
    ]
    occurred_at: Instant
    booking: BookingPayload

    @property
    def event(self) -> Event:
        """Return the event as the domain knows it."""
        payload = self.booking
        details = Details(
            payload.resource, payload.start, payload.end, payload.customer.customer
        )
        return Event(
            self.id, EventType(self.type), self.occurred_at, payload.id, details
        )


class MembershipEventPayload(Payload):
    """What has happened to a membership."""

    id: ShortText
    type: Literal["membership.started", "membership.ended"]
    occurred_at: Instant
    membership: MembershipPayload

    @property
    def event(self) -> Event:
        """Return the event as the domain knows it: a booking without an end."""
        payload, at = self.membership, self.occurred_at
        details = Details(payload.community, at, None, payload.member.customer)
        return Event(self.id, EventType(self.type), at, ref_of(payload.id), details)


class EventPayload(RootModel[BookingEventPayload | MembershipEventPayload]):
    """A message about a booking or a membership, told apart by its `type`."""

    root: Annotated[
        BookingEventPayload | MembershipEventPayload, Field(discriminator="type")
    ]


def incoming_event(
    connection: Connection,
    payload: BookingEventPayload | MembershipEventPayload,
    at: datetime,
) -> IncomingEvent:
    """Return the message as the use case takes it, or raise `SemanticError`."""
    event = payload.event
    validate_event(event)
    return IncomingEvent(
        connection=connection,
        id=payload.id,
        type=payload.type,
        occurred_at=payload.occurred_at,
        content=payload.model_dump_json(),
        received_at=at,
        event=event,
    )


def read_event_payload(body: bytes) -> BookingEventPayload | MembershipEventPayload:
    """Return the message, or the problem that names each wrong field."""
    return read(EventPayload, body, silent=SILENT, skip=1).root
