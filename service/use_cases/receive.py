"""Receive: an event is stored durably, and counted into its booking.

Law: the answer is given after the commit. The same event any number of times, in
any order with others, leaves the same booking (CON-12); what follows from it is
done later, by `reconcile`. Events that come in at the same time are counted in
together: what is known of them is read once, and what is new is written once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.domain.bookings import merge
from service.domain.errors import Senseless
from service.domain.rules import unmet
from service.ids import new_id
from service.store import bookings, connections, events, rules
from service.store.events import Outcome, StoredEvent

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from service.domain.bookings import Booking
    from service.domain.events import Event, Trigger
    from service.store.bookings import StoredBooking
    from service.store.connections import Connection
    from service.store.store import Store
    from service.store.tx import Tx

    Waits = Mapping[tuple[str, str], Collection[Trigger]]
    """What the rules about a connection's resource wait for."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender is told: the event's id, what became of it, and why."""

    event: str
    outcome: Outcome
    reason: str | None = None


class Outdated(Exception):  # noqa: N818 (it says what the connection is)
    """The connection is no longer what the event was let in by."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event as it came in; equal `content` is the same message.

    `connection` is what it was let in by, `event` what it says, as the domain knows it.
    """

    connection: Connection
    id: str
    type: str
    occurred_at: datetime
    content: str
    received_at: datetime
    event: Event

    @property
    def booking(self) -> tuple[str, str]:
        """Return the key of the booking or membership that it is about."""
        return self.connection.id, self.event.ref

    @property
    def name(self) -> tuple[str, str]:
        """Return what no other event is called."""
        return self.connection.id, self.id


def receive(store: Store, delivery: Delivery) -> Receipt:
    """Return what became of the event, once that is durable.

    An id that came before with other content is `Senseless`. If the connection has
    changed meanwhile, nothing is done: `Outdated`.
    """
    counted = store.write_for(count_in, delivery)
    if isinstance(counted, Exception):
        raise counted
    return counted


def judge(
    waits: Waits, connection_id: str, before: Booking | None, booking: Booking
) -> tuple[Outcome, str | None]:
    """Return whether the booking leads to anything, and why not (CON-04).

    An event that ends what was there before counts as accepted.
    """

    def reason_against(each: Booking) -> str | None:
        return unmet(each, waits[connection_id, each.details.resource])

    reason = reason_against(booking)
    ends = reason and before is not None and reason_against(before) is None
    ignored = reason is not None and not ends
    return (Outcome.IGNORED if ignored else Outcome.ACCEPTED), reason


def count_in(
    tx: Tx, deliveries: Sequence[Delivery]
) -> list[Receipt | Senseless | Outdated]:
    """Return what becomes of each, counted in in the order in which they came.

    What must not be counted in comes back as what to raise.
    """
    let_in = connections.by_ids(tx, {each.connection.id for each in deliveries})
    sums = _Sums(tx, deliveries)
    counted = [
        sums.count_in(each)
        if let_in.get(each.connection.id) == each.connection
        else Outdated()
        for each in deliveries
    ]
    sums.store(tx)
    return counted


class _Sums:
    """The bookings that some deliveries are about, as they add up."""

    def __init__(self, tx: Tx, deliveries: Sequence[Delivery]) -> None:
        self._known = events.by_senders(tx, {each.name for each in deliveries})
        self._held = bookings.hold_all(tx, {each.booking for each in deliveries})
        self._sums: dict[tuple[str, str], StoredBooking] = {}
        self._new: list[StoredEvent] = []
        resources = {
            (each.connection.id, each.event.details.resource) for each in deliveries
        }
        before = {(each.connection_id, each.resource) for each in self._held.values()}
        self._waits = rules.triggers(tx, resources | before)

    def count_in(self, delivery: Delivery) -> Receipt | Senseless:
        """Return what becomes of the event; an earlier one with its name stays."""
        earlier = self._known.get(delivery.name)
        if earlier is not None:
            return _again(earlier, delivery)
        event, key = delivery.event, delivery.booking
        held = self._sums.get(key) or self._held.get(key)
        before = held.booking if held else None
        booking = merge(before, event)
        outcome, reason = judge(self._waits, delivery.connection.id, before, booking)
        if event.ends and not (before and before.cancelled):
            outcome, reason = Outcome.ACCEPTED, None
        due_at = held.due_at if held else None
        if outcome is Outcome.ACCEPTED:
            due_at = delivery.received_at
        self._known[delivery.name] = stored = _stored(delivery, outcome, reason)
        self._new.append(stored)
        self._sums[key] = bookings.stored(delivery.connection.id, booking, due_at)
        return Receipt(event.id, outcome, reason)

    def store(self, tx: Tx) -> None:
        """Store the events that are new, and their bookings."""
        events.SHELF.add_all(tx, self._new)
        bookings.save_all(tx, self._sums, known=self._held)


def _again(earlier: StoredEvent, delivery: Delivery) -> Receipt | Senseless:
    if earlier.content != delivery.content:
        fix = "it came before with other content; give each event an id of its own"
        return Senseless("id", delivery.id, fix)
    return Receipt(delivery.id, Outcome.DUPLICATE, earlier.reason)


def _stored(delivery: Delivery, outcome: Outcome, reason: str | None) -> StoredEvent:
    return StoredEvent(
        id=new_id("evt", delivery.received_at),
        connection_id=delivery.connection.id,
        event_id=delivery.id,
        type=delivery.type,
        booking_ref=delivery.event.ref,
        content=delivery.content,
        status=outcome,
        reason=reason,
        occurred_at=delivery.occurred_at,
        received_at=delivery.received_at,
    )
