"""A booking as the sum of the events about it.

Invariants: the sum is a join semilattice. It does not matter in which order events come
in, how often, or in what groups they are added up: the same set of events makes the
same booking (CON-12).

- The details are those of the latest event, by (occurred_at, event id).
- The triggers seen are a set that only grows.
- A cancellation is final, even when it comes in before the booking it cancels.
- A membership is summed up likewise; it begins when it was first told of.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING

from service.domain.events import TRIGGERS, Details, Event, Trigger

if TYPE_CHECKING:
    from datetime import datetime


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
        """Tell whether somebody belongs to a community, without a known end."""
        return self.details.end is None

    @property
    def cancelled(self) -> bool:
        """Tell whether the booking is cancelled, which nothing undoes."""
        return self.cancelled_at is not None


def merge(booking: Booking | None, event: Event) -> Booking:
    """Return the booking once the event is counted in; None is a new booking."""
    seen = from_event(event)
    return seen if booking is None else join(booking, seen)


def from_event(event: Event) -> Booking:
    """Return the booking as this event alone tells it."""
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
    """Return what both tell together: commutative, associative, idempotent."""
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
