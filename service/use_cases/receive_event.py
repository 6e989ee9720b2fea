"""Receive an event: store it durably, and merge it into its booking.

Invariants: the answer is given after the commit. The same event any number of times, in
any order with others, leaves the same booking (CON-12); what follows from it is done
later, by `reconcile`. Events that arrive at the same time are merged together: what is
known of them is read once, and what is new is written once. An event that led to
nothing can be replayed with the rules of now: it was merged when it came, so nothing is
counted twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from service.domain.booking import Booking, Event, Rank, Trigger, merge, seen_with
from service.domain.errors import SemanticError
from service.domain.rules import unmet_reason
from service.ids import new_id
from service.store import accesses, bookings, connections, rules
from service.store.bookings import Outcome, StoredBooking, StoredEvent
from service.store.connections import Connection
from service.store.database import Tx
from service.store.store import Store

TriggersByResource = Mapping[tuple[str, str], Collection[Trigger]]
"""What the rules about a connection's resource wait for."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to the sender: the event's id, what became of it, and why."""

    event: str
    outcome: Outcome
    reason: str | None = None


class StaleConnection(Exception):  # noqa: N818 (it says what the connection is)
    """The connection is no longer what the event was let in by."""


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """An event as it came in; equal `content` is the same message.

    `connection` is what it was let in by, `event` what it says.
    What was over before `kept_since` may have been deleted; None keeps all.
    """

    connection: Connection
    content: str
    received_at: datetime
    event: Event
    kept_since: datetime | None = None

    @property
    def outdated(self) -> bool:
        """Return whether it is about what was over before what is kept."""
        end = self.event.details.end
        return bool(end and self.kept_since and end < self.kept_since)

    @property
    def booking(self) -> tuple[str, str]:
        """Return the key of the booking or membership that it is about."""
        return self.connection.id, self.event.ref

    @property
    def name(self) -> tuple[str, str]:
        """Return what no other event is called."""
        return self.connection.id, self.event.id


def receive(store: Store, incoming: IncomingEvent) -> Receipt:
    """Return what became of the event, once that is durable.

    An id that came before with other content is `SemanticError`. If the connection has
    changed meanwhile, nothing is done: `StaleConnection`.
    """
    results = store.write_for(apply_events, incoming)
    if isinstance(results, Exception):
        raise results
    return results


def decide_outcome(
    triggers: TriggersByResource,
    connection_id: str,
    before: Booking | None,
    booking: Booking,
) -> tuple[Outcome, str | None]:
    """Return whether the booking leads to anything, and why not (CON-04).

    An event that ends what was there before counts as accepted.
    """

    def reason_against(each: Booking) -> str | None:
        found = (triggers[connection_id, name] for name in each.details.resources)
        return unmet_reason(each, set().union(*found))

    reason = reason_against(booking)
    ends = reason and before is not None and reason_against(before) is None
    ignored = reason is not None and not ends
    return (Outcome.IGNORED if ignored else Outcome.ACCEPTED), reason


def apply_events(
    tx: Tx, incoming_events: Sequence[IncomingEvent]
) -> list[Receipt | SemanticError | StaleConnection]:
    """Return what becomes of each, counted in in the order in which they came.

    What must not be counted in comes back as what to raise.
    """
    connections_now = connections.by_ids(
        tx, {each.connection.id for each in incoming_events}
    )
    batch = _BookingBatch(tx, incoming_events)
    results = [
        batch.apply(each)
        if connections_now.get(each.connection.id) == each.connection
        else StaleConnection()
        for each in incoming_events
    ]
    batch.store(tx)
    return results


class _BookingBatch:
    """The bookings that some deliveries are about, as they add up."""

    def __init__(self, tx: Tx, incoming_events: Sequence[IncomingEvent]) -> None:
        self._at = max(each.received_at for each in incoming_events)
        self._known = bookings.events_by_senders(
            tx, {each.name for each in incoming_events}
        )
        self._held = bookings.get_all_for_update(
            tx, {each.booking for each in incoming_events}
        )
        self._elsewhere = bookings.by_refs(tx, {e.event.ref for e in incoming_events})
        self._bookings: dict[tuple[str, str], StoredBooking] = {}
        self._new: list[StoredEvent] = []
        self._moved: list[StoredBooking] = []
        self._asked: set[tuple[str, str]] = set()
        booked = [(e.connection.id, e.event.details.resources) for e in incoming_events]
        booked += [(e.connection_id, e.resources) for e in self._held.values()]
        named = {(connection, name) for connection, names in booked for name in names}
        self._triggers = rules.triggers(tx, named)

    def apply(self, incoming: IncomingEvent) -> Receipt | SemanticError:
        """Return what becomes of the event; an earlier one with its name stays."""
        earlier = self._known.get(incoming.name)
        if earlier is not None:
            return _duplicate(earlier, incoming)
        event, key = incoming.event, incoming.booking
        known = self._bookings.get(key) or self._held.get(key)
        if known is None and incoming.outdated:
            self._new.append(_stored(incoming, Outcome.IGNORED, OUTDATED))
            self._known[incoming.name] = self._new[-1]
            return Receipt(event.id, Outcome.IGNORED, OUTDATED)
        before = known.booking if known else None
        booking = merge(before, event)
        customer = booking.details.customer
        others = [
            each
            for each in self._elsewhere
            if each.ref == key[1] and each.connection_id != key[0]
            if each.booking.details.customer.may_be(customer)
        ]
        seen = seen_with(booking, [each.booking for each in others])
        outcome, reason = decide_outcome(self._triggers, key[0], before, seen)
        if event.ends and not (before and before.cancelled):
            outcome, reason = Outcome.ACCEPTED, None
        if event.rank is Rank.CHANGED:
            self._moved += others
        if before is not None and booking.says_the_same(before):
            self._asked.add(key)
        due_at = known.due_at if known else None
        if outcome is Outcome.ACCEPTED:
            due_at = incoming.received_at
        self._known[incoming.name] = new = _stored(incoming, outcome, reason)
        self._new.append(new)
        self._bookings[key] = bookings.stored(incoming.connection.id, booking, due_at)
        return Receipt(event.id, outcome, reason)

    def store(self, tx: Tx) -> None:
        """Store the events that are new, and their bookings."""
        bookings.EVENTS.add_all(tx, self._new)
        bookings.save_all(tx, self._bookings, known=self._held)
        for key in self._asked:  # what was said again is looked at again
            accesses.ask_again(tx, *key, self._at)
        for each in self._moved:
            bookings.set_due(tx, each.connection_id, each.ref, self._at)


OUTDATED: Final = "it is about what was over before anything that is kept"


def _duplicate(
    earlier: StoredEvent, incoming: IncomingEvent
) -> Receipt | SemanticError:
    if earlier.content != incoming.content:
        fix = "it came before with other content; give each event an id of its own"
        return SemanticError("id", incoming.event.id, fix)
    return Receipt(earlier.event_id, Outcome.DUPLICATE, earlier.reason)


def _stored(
    incoming: IncomingEvent, outcome: Outcome, reason: str | None
) -> StoredEvent:
    return StoredEvent(
        id=new_id("evt", incoming.received_at),
        connection_id=incoming.connection.id,
        event_id=incoming.event.id,
        type=incoming.event.type,
        booking_ref=incoming.event.ref,
        content=incoming.content,
        status=outcome,
        reason=reason,
        occurred_at=incoming.event.occurred_at,
        received_at=incoming.received_at,
    )


def replay(store: Store, event: StoredEvent, now: datetime) -> Receipt:
    """Return what becomes of the event now, once that is durable."""
    return store.write(lambda tx: _decide_again(tx, event, now))


def _decide_again(tx: Tx, event: StoredEvent, now: datetime) -> Receipt:
    held = bookings.get_for_update(tx, event.connection_id, event.booking_ref or "")
    if held is None:
        return Receipt(event.event_id, Outcome.IGNORED, event.reason)
    of_it = {(held.connection_id, name) for name in held.resources}
    triggers = rules.triggers(tx, of_it)
    outcome, reason = decide_outcome(triggers, held.connection_id, None, held.booking)
    bookings.EVENTS.change(tx, {"id": event.id}, status=outcome, reason=reason)
    bookings.set_due(tx, event.connection_id, held.ref, now)
    accesses.ask_again(tx, event.connection_id, held.ref, now, removed=True)
    return Receipt(event.event_id, outcome, reason)
