"""Receive: an event is stored durably, and counted into its booking.

Law: the answer is given after the commit. The same event any number of times, in
any order with others, leaves the same booking (CON-12); what follows from it is
done later, by `reconcile`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.domain.bookings import merge
from service.domain.errors import Senseless
from service.domain.rules import desired
from service.ids import new_id
from service.store import bookings
from service.store import events
from service.store import rules
from service.store.events import Outcome
from service.store.events import StoredEvent

if TYPE_CHECKING:
    from datetime import datetime

    from service.domain.bookings import Booking
    from service.domain.events import Event
    from service.store.store import Store
    from service.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender is told: the event's id, what became of it, and why."""

    event: str
    outcome: Outcome
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event as it came in; equal `content` is the same message.

    `event` is what it says, as the domain knows it.
    """

    connection_id: str
    id: str
    type: str
    occurred_at: datetime
    content: str
    received_at: datetime
    event: Event


def receive(store: Store, delivery: Delivery) -> Receipt:
    """Return what became of the event, once that is durable.

    An id that came before with other content is `Senseless`.
    """
    return store.write(lambda tx: _count_in(tx, delivery))


def judge(
    tx: Tx, connection_id: str, before: Booking | None, booking: Booking
) -> tuple[Outcome, str | None]:
    """Return whether the booking leads to anything, and why not (CON-04).

    An event that ends what was there before counts as accepted.
    """
    resources = {each.details.resource for each in (before, booking) if each}
    known = rules.for_resources(tx, connection_id, resources)
    reason = desired(booking, known).reason
    ends = before is not None and desired(before, known).reason is None
    ignored = reason is not None and not ends
    return (Outcome.IGNORED if ignored else Outcome.ACCEPTED), reason


def _count_in(tx: Tx, delivery: Delivery) -> Receipt:
    event, connection_id = delivery.event, delivery.connection_id
    earlier = events.by_sender(tx, connection_id, delivery.id)
    if earlier is not None:
        return _again(earlier, delivery)
    held = bookings.hold(tx, connection_id, event.ref)
    before = held.booking if held else None
    booking = merge(before, event)
    outcome, reason = judge(tx, connection_id, before, booking)
    if event.ends and not (before and before.cancelled):
        outcome, reason = Outcome.ACCEPTED, None
    due_at = held.due_at if held else None
    if outcome is Outcome.ACCEPTED:
        due_at = delivery.received_at
    events.SHELF.add(tx, _stored(delivery, outcome, reason))
    bookings.save(tx, connection_id, booking, new=held is None, due_at=due_at)
    return Receipt(event.id, outcome, reason)


def _again(earlier: StoredEvent, delivery: Delivery) -> Receipt:
    if earlier.content != delivery.content:
        fix = "it came before with other content; give each event an id of its own"
        raise Senseless("id", delivery.id, fix)
    return Receipt(delivery.id, Outcome.DUPLICATE, earlier.reason)


def _stored(delivery: Delivery, outcome: Outcome, reason: str | None) -> StoredEvent:
    return StoredEvent(
        id=new_id("evt", delivery.received_at),
        connection_id=delivery.connection_id,
        event_id=delivery.id,
        type=delivery.type,
        booking_ref=delivery.event.ref,
        content=delivery.content,
        status=outcome,
        reason=reason,
        occurred_at=delivery.occurred_at,
        received_at=delivery.received_at,
    )
