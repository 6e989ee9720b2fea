"""Events: what a booking platform says has happened to a booking.

Law: an event never changes once it is stored. It says what was true at
`occurred_at`, by the platform's clock; when it arrived plays no part anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from enum import StrEnum
from typing import Final

from service.domain.errors import Senseless


class EventType(StrEnum):
    """The kinds of event about a booking, as they stand in a webhook's `type`."""

    CONFIRMED = "booking.confirmed"
    PAID = "booking.paid"
    STARTING = "booking.starting"
    CHANGED = "booking.changed"
    CANCELLED = "booking.cancelled"


class Trigger(StrEnum):
    """The events a rule can wait for before a code is made (CON-04)."""

    CONFIRMED = "confirmed"
    PAID = "paid"
    STARTING = "starting"


TRIGGERS: Final = {
    EventType.CONFIRMED: Trigger.CONFIRMED,
    EventType.PAID: Trigger.PAID,
    EventType.STARTING: Trigger.STARTING,
}


@dataclass(frozen=True, slots=True)
class Customer:
    """Who booked, and where a message reaches them; never shown in a repr."""

    name: str = field(default="", repr=False)
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """What a booking is about: the resource, from when to when, for whom."""

    resource: str
    start: datetime
    end: datetime
    customer: Customer = Customer()


@dataclass(frozen=True, slots=True)
class Event:
    """One message of the booking platform about the booking `ref`."""

    id: str
    type: EventType
    occurred_at: datetime
    ref: str
    details: Details


EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


def check_sense(event: Event) -> None:
    """Raise `Senseless` for an event that cannot be true, naming field and fix."""
    details = event.details
    for name, instant in (
        ("occurred_at", event.occurred_at),
        ("booking.start", details.start),
        ("booking.end", details.end),
    ):
        if not EARLIEST <= instant < LATEST:
            fix = f"it lies between {EARLIEST.year} and {LATEST.year}"
            raise Senseless(name, instant.isoformat(), fix)
    if details.end <= details.start:
        fix = f"it lies after booking.start, which is {details.start.isoformat()}"
        raise Senseless("booking.end", details.end.isoformat(), fix)
