"""Events: what a booking platform says has happened to a booking or membership.

Invariants: an event never changes once it is stored. It says what was true at
`occurred_at`, by the platform's clock; when it arrived plays no part anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from service.domain.errors import SemanticError
from service.domain.memberships import PREFIX, membership_of


class EventType(StrEnum):
    """The kinds of event, as they stand in a webhook's `type`."""

    CONFIRMED = "booking.confirmed"
    PAID = "booking.paid"
    STARTING = "booking.starting"
    CHANGED = "booking.changed"
    CANCELLED = "booking.cancelled"
    STARTED = "membership.started"
    ENDED = "membership.ended"


class Trigger(StrEnum):
    """The events a rule can wait for before a code is made (CON-04).

    A rule that waits for `STARTED` is about the members of a community (EXV-02).
    """

    CONFIRMED = "confirmed"
    PAID = "paid"
    STARTING = "starting"
    STARTED = "started"

    @property
    def of_members(self) -> bool:
        """Tell whether it is about the members of a community."""
        return self is Trigger.STARTED


TRIGGERS: Final = {
    EventType.CONFIRMED: Trigger.CONFIRMED,
    EventType.PAID: Trigger.PAID,
    EventType.STARTING: Trigger.STARTING,
    EventType.STARTED: Trigger.STARTED,
}
ENDINGS: Final = {EventType.CANCELLED, EventType.ENDED}


@dataclass(frozen=True, slots=True)
class Customer:
    """Who booked, and where a message reaches them; never shown in a repr."""

    name: str = field(default="", repr=False)
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """What a booking is about: the resource, from when to when, for whom.

    Of a membership `resource` is the community, and `end` is None: it is not known.
    """

    resource: str
    start: datetime
    end: datetime | None
    customer: Customer = Customer()


@dataclass(frozen=True, slots=True)
class Event:
    """One message of the booking platform about the booking `ref`."""

    id: str
    type: EventType
    occurred_at: datetime
    ref: str
    details: Details

    @property
    def ends(self) -> bool:
        """Tell whether nothing is wanted any more from then on."""
        return self.type in ENDINGS


EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


def validate_event(event: Event) -> None:
    """Raise `SemanticError` for an event that cannot be true, naming field and fix."""
    details = event.details
    for name, instant in (
        ("occurred_at", event.occurred_at),
        ("booking.start", details.start),
        ("booking.end", details.end),
    ):
        if instant is not None and not EARLIEST <= instant < LATEST:
            fix = f"it lies between {EARLIEST.year} and {LATEST.year}"
            raise SemanticError(name, instant.isoformat(), fix)
    if details.end is None:
        return
    if membership_of(event.ref) is not None:
        fix = f"ids that begin with {PREFIX} are kept for memberships; choose others"
        raise SemanticError("booking.id", event.ref, fix)
    if details.end <= details.start:
        fix = f"it lies after booking.start, which is {details.start.isoformat()}"
        raise SemanticError("booking.end", details.end.isoformat(), fix)
