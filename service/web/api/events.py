"""Events: what came in, what became of it, and a second look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.clock import now
from service.store import events
from service.use_cases.replay import replay
from service.web.api.shared import ConnectionQuery, event_of, named
from service.web.endpoint import Endpoints
from service.web.fields import Instant, Shape

if TYPE_CHECKING:
    from service.bootstrap import Service
    from service.store.events import StoredEvent

endpoints = Endpoints()


class EventSchema(Shape):
    """An event; `id` is ours, `event` the sender's."""

    id: str
    connection: str
    event: str
    type: str
    booking: str | None
    membership: str | None
    status: str
    reason: str | None
    occurred_at: Instant
    received_at: Instant


class EventList(Shape):
    """A page of events; `next_cursor` is null on the last."""

    items: list[EventSchema]
    next_cursor: str | None


@endpoints.add("GET", "/api/events", query=ConnectionQuery, gives=EventList)
def list_events(service: Service, query: ConnectionQuery) -> EventList:
    """List the events that came in, the newest first."""
    key = {"connection_id": query.connection}
    found = service.deps.store.read(
        lambda tx: events.GATEWAY.page(tx, query.cursor, query.limit + 1, **key)
    )
    rows = found[: query.limit]
    more = rows[-1].id if len(found) > len(rows) else None
    return EventList(items=[_to_schema(each) for each in rows], next_cursor=more)


@endpoints.add("POST", "/api/events/<event>/replay", gives=EventSchema)
def replay_event(service: Service, event: str) -> EventSchema:
    """Look at an event again, with the rules as they are now."""
    replay(service.deps.store, event_of(service, event), now())
    service.wake()
    return _to_schema(event_of(service, event))


def _to_schema(event: StoredEvent) -> EventSchema:
    return EventSchema(
        id=event.id,
        connection=event.connection_id,
        event=event.event_id,
        type=event.type,
        **named(event.booking_ref),
        status=event.status,
        reason=event.reason,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
    )
