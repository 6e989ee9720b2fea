"""Replay: an event that led to nothing is looked at again, with the rules of now.

Invariants: the event was counted in when it came, so nothing is counted twice. Its
booking is brought in line once more, which changes nothing where nothing is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store import bookings, events, rules
from service.store.events import Outcome
from service.use_cases.receive import Receipt, decide_outcome

if TYPE_CHECKING:
    from datetime import datetime

    from service.store.database import Tx
    from service.store.events import StoredEvent
    from service.store.store import Store


def replay(store: Store, event: StoredEvent, now: datetime) -> Receipt:
    """Return what becomes of the event now, once that is durable."""
    return store.write(lambda tx: _decide_again(tx, event, now))


def _decide_again(tx: Tx, event: StoredEvent, now: datetime) -> Receipt:
    ref = event.booking_ref
    held = (
        bookings.get_for_update(tx, event.connection_id, ref)
        if ref is not None
        else None
    )
    if held is None:
        return Receipt(event.event_id, Outcome.IGNORED, event.reason)
    triggers = rules.triggers(tx, {(held.connection_id, held.resource)})
    outcome, reason = decide_outcome(triggers, held.connection_id, None, held.booking)
    events.GATEWAY.change(tx, {"id": event.id}, status=outcome, reason=reason)
    bookings.set_due(tx, event.connection_id, held.ref, now)
    return Receipt(event.event_id, outcome, reason)
