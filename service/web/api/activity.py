"""What came in, what went out and what is due: events, messages and work."""

from __future__ import annotations

from functools import partial

from service.app import Service
from service.clock import now
from service.store import audit, bookings, messages
from service.store.bookings import StoredEvent
from service.use_cases.receive_event import replay
from service.web.openapi import Endpoints
from service.web.read_models import (
    BookingQuery,
    ConnectionQuery,
    MessageSchema,
    PageOf,
    PageQuery,
    event_of,
    message_schema,
    named,
    page_of,
    shown,
)
from service.web.validation import Instant, Shape

endpoints = Endpoints()


@endpoints.add("GET", "/api/messages")
def list_messages(service: Service, query: BookingQuery) -> PageOf[MessageSchema]:
    """List messages, the newest first."""
    find = partial(
        messages.GATEWAY.page, connection_id=query.connection, booking_ref=query.ref
    )
    rows, more = page_of(service, query, find)
    return PageOf[MessageSchema](
        items=[message_schema(each) for each in rows], next_cursor=more
    )


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


@endpoints.add("GET", "/api/events")
def list_events(service: Service, query: ConnectionQuery) -> PageOf[EventSchema]:
    """List the events that came in, the newest first."""
    find = partial(bookings.EVENTS.page, connection_id=query.connection)
    rows, more = page_of(service, query, find)
    return PageOf[EventSchema](
        items=[_event_schema(each) for each in rows], next_cursor=more
    )


@endpoints.add("POST", "/api/events/<event>/replay")
def replay_event(service: Service, event: str) -> EventSchema:
    """Process an event again, with the rules as they are now."""
    replay(service.deps.store, event_of(service, event), now())
    service.wake()
    return _event_schema(event_of(service, event))


def _event_schema(event: StoredEvent) -> EventSchema:
    return shown(
        EventSchema,
        event,
        connection=event.connection_id,
        event=event.event_id,
        **named(event.booking_ref),
    )


class WorkQuery(Shape):
    """Which connection; without one, all."""

    connection: str | None = None


class WorkSchema(Shape):
    """How many jobs are due and under way, and when the next is due."""

    due: int
    in_flight: int
    next_at: Instant | None


@endpoints.add("GET", "/api/work")
def show_work(service: Service, query: WorkQuery) -> WorkSchema:
    """Show how much work is due and under way."""
    return shown(WorkSchema, service.queue_stats(query.connection))


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


class AuditPage(PageOf[AuditEntry]):
    """A page of the audit trail; `next_cursor` is null on the last."""


@endpoints.add("GET", "/api/audit")
def list_audit(service: Service, query: AuditQuery) -> AuditPage:
    """List who saw, made or took away which code, the newest first."""
    find = partial(audit.page, subject=query.subject, actor=query.actor)
    rows, more = page_of(service, query, find)
    return AuditPage(items=[shown(AuditEntry, each) for each in rows], next_cursor=more)
