"""What came in, what went out and what is due: events, messages and work."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from service.clock import now
from service.domain.booking import ref_of
from service.store import audit, bookings, messages
from service.use_cases.receive_event import replay
from service.web.openapi import Endpoints
from service.web.read_models import (
    ConnectionQuery,
    MessageSchema,
    PageQuery,
    event_of,
    message_schema,
    named,
)
from service.web.validation import Instant, Shape

if TYPE_CHECKING:
    from service.app import Service
    from service.store.bookings import StoredEvent

endpoints = Endpoints()


class MessageQuery(ConnectionQuery):
    """Which messages, the newest first."""

    booking: str | None = None
    membership: str | None = None

    @property
    def ref(self) -> str | None:
        """Return the ref of the booking or membership that is asked for."""
        return ref_of(self.membership) if self.membership else self.booking


class MessageList(Shape):
    """A page of messages; `next_cursor` is null on the last."""

    items: list[MessageSchema]
    next_cursor: str | None


@endpoints.add("GET", "/api/messages", query=MessageQuery, gives=MessageList)
def list_messages(service: Service, query: MessageQuery) -> MessageList:
    """List messages, the newest first."""
    key = {"connection_id": query.connection, "booking_ref": query.ref}
    found = service.deps.store.read(
        lambda tx: messages.GATEWAY.page(tx, query.cursor, query.limit + 1, **key)
    )
    rows = found[: query.limit]
    more = rows[-1].id if len(found) > len(rows) else None
    return MessageList(items=[message_schema(each) for each in rows], next_cursor=more)


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
        lambda tx: bookings.EVENTS.page(tx, query.cursor, query.limit + 1, **key)
    )
    rows = found[: query.limit]
    more = rows[-1].id if len(found) > len(rows) else None
    return EventList(items=[_event_schema(each) for each in rows], next_cursor=more)


@endpoints.add("POST", "/api/events/<event>/replay", gives=EventSchema)
def replay_event(service: Service, event: str) -> EventSchema:
    """Process an event again, with the rules as they are now."""
    replay(service.deps.store, event_of(service, event), now())
    service.wake()
    return _event_schema(event_of(service, event))


def _event_schema(event: StoredEvent) -> EventSchema:
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


class WorkQuery(Shape):
    """Which connection; without one, all."""

    connection: str | None = None


class WorkSchema(Shape):
    """How many jobs are due and under way, and when the next is due."""

    due: int
    in_flight: int
    next_at: Instant | None


@endpoints.add("GET", "/api/work", query=WorkQuery, gives=WorkSchema)
def show_work(service: Service, query: WorkQuery) -> WorkSchema:
    """Show how much work is due and under way."""
    queue_stats = service.queue_stats(query.connection)
    return WorkSchema(
        due=queue_stats.due,
        in_flight=queue_stats.in_flight,
        next_at=queue_stats.next_at,
    )


class AuditQuery(PageQuery):
    """Which entries, the newest first."""

    subject: str | None = None
    actor: str | None = None


class AuditEntry(Shape):
    """Who did what to which access, lock, token or account, by its id or name."""

    id: str
    at: Instant
    actor: str
    action: str
    subject: str


class AuditPage(Shape):
    """A page of the audit trail; `next_cursor` is null on the last."""

    items: list[AuditEntry]
    next_cursor: str | None


@endpoints.add("GET", "/api/audit", query=AuditQuery, gives=AuditPage)
def list_audit(service: Service, query: AuditQuery) -> AuditPage:
    """List who saw, made or took away which code, the newest first."""
    key = {"subject": query.subject, "actor": query.actor}
    found = service.deps.store.read(
        lambda tx: audit.page(tx, query.cursor, query.limit + 1, **key)
    )
    rows = found[: query.limit]
    more = rows[-1].id if len(found) > len(rows) else None
    items = [AuditEntry(**asdict(each)) for each in rows]
    return AuditPage(items=items, next_cursor=more)
