"""A booking or a membership, as the sum of the events that a platform sends about it.

A membership, access for as long as somebody belongs to a community (EXV-02), is kept
as a booking of that community without a known end, so all that holds for bookings holds
for it. A code needs an end: one is ordered some steps ahead, and renewed before that.

Invariants:

- An event never changes once it is stored. It says what was true at `occurred_at`, by
  the platform's clock; the time of its arrival is used nowhere.
- `join` is commutative, associative and idempotent: the same set of events makes the
  same booking, in any order, in any groups, however often each arrives (CON-12).
- The details are those of the latest event, by (occurred_at, event id).
- The triggers seen are a set that only grows.
- A cancellation is final, even when it arrives before the booking that it cancels.
- A membership begins at the earliest start that any of its events gives.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from service.domain.errors import SemanticError

AHEAD: Final = timedelta(days=30)
"""How long before its end a member's code is renewed."""

PREFIX: Final = "membership:"
"""What tells the ref of a membership; no booking's id may begin so."""


def ref_of(membership: str) -> str:
    """Return the ref under which a membership is kept."""
    return PREFIX + membership


def membership_of(ref: str | None) -> str | None:
    """Return the membership's own id, None for the ref of a booking, or none."""
    if ref is None or not ref.startswith(PREFIX):
        return None
    return ref.removeprefix(PREFIX)


def reach(start: datetime, step: timedelta, now: datetime) -> datetime:
    """Return until when a member's code is good: whole steps from the start."""
    passed = max(now + AHEAD - start, timedelta()) // step
    return start + (passed + 1) * step


def renewal(until: datetime) -> datetime:
    """Return when a code that is good until then is renewed."""
    return until - AHEAD


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
        """Return whether it is about the members of a community."""
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
        """Return whether the booking or membership ends with it."""
        return self.type in ENDINGS


EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


def check_instant(name: str, instant: datetime | None) -> None:
    """Raise `SemanticError`, which names the field, far from all bookings."""
    if instant is not None and not EARLIEST <= instant < LATEST:
        fix = f"it lies between {EARLIEST.year} and {LATEST.year}"
        raise SemanticError(name, instant.isoformat(), fix)


def validate_event(event: Event) -> None:
    """Raise `SemanticError` for an event that cannot be true, naming field and fix."""
    details = event.details
    check_instant("occurred_at", event.occurred_at)
    check_instant("booking.start", details.start)
    check_instant("booking.end", details.end)
    if details.end is None:
        return
    if membership_of(event.ref) is not None:
        fix = f"ids that begin with {PREFIX} are kept for memberships; choose others"
        raise SemanticError("booking.id", event.ref, fix)
    if details.end <= details.start:
        fix = f"it lies after booking.start, which is {details.start.isoformat()}"
        raise SemanticError("booking.end", details.end.isoformat(), fix)


@dataclass(frozen=True, slots=True)
class Booking:
    """What is known of one booking.

    `occurred_at` and `event_id` name the event that the details come from.
    `cancelled_at` is when the platform first called it cancelled, None if never.
    """

    ref: str
    details: Details
    occurred_at: datetime
    event_id: str
    triggers: frozenset[Trigger] = frozenset()
    cancelled_at: datetime | None = None

    @property
    def by_membership(self) -> bool:
        """Return whether somebody belongs to a community, without a known end."""
        return self.details.end is None

    @property
    def cancelled(self) -> bool:
        """Return whether the booking is cancelled, which nothing undoes."""
        return self.cancelled_at is not None


def merge(booking: Booking | None, event: Event) -> Booking:
    """Return the booking with the event merged into it; None is a new booking."""
    seen = from_event(event)
    return seen if booking is None else join(booking, seen)


def from_event(event: Event) -> Booking:
    """Return the booking as this event alone describes it."""
    trigger = TRIGGERS.get(event.type)
    return Booking(
        ref=event.ref,
        details=event.details,
        occurred_at=event.occurred_at,
        event_id=event.id,
        triggers=frozenset() if trigger is None else frozenset({trigger}),
        cancelled_at=event.occurred_at if event.ends else None,
    )


def join(one: Booking, other: Booking) -> Booking:
    """Return both merged: commutative, associative, idempotent."""
    if one.ref != other.ref:
        raise ValueError(f"bookings {one.ref!r} and {other.ref!r} are not the same")
    latest = max(one, other, key=_age)
    cancels = [at for at in (one.cancelled_at, other.cancelled_at) if at is not None]
    return Booking(
        ref=one.ref,
        details=_since(latest, min(one.details.start, other.details.start)),
        occurred_at=latest.occurred_at,
        event_id=latest.event_id,
        triggers=one.triggers | other.triggers,
        cancelled_at=min(cancels, default=None),
    )


def _since(booking: Booking, start: datetime) -> Details:
    """Return the details, those of a membership from that start on."""
    if not booking.by_membership:
        return booking.details
    return replace(booking.details, start=start)


def _age(booking: Booking) -> tuple[datetime, str, str]:
    """Return a total order; content decides only where a sender reused an id."""
    content = repr(astuple(booking.details))
    return booking.occurred_at, booking.event_id, content
