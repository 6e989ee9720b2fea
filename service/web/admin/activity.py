"""What happened: bookings with all their accesses, events, what failed, the trail."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request

from service.clock import now
from service.domain.access import Status, notice_due_at
from service.store import accesses, messages
from service.use_cases.send_message import send_again
from service.web.admin.codes import rows_of
from service.web.admin.connections import frame_of
from service.web.admin.frame import blueprint, done, local_time, phrase, service, show
from service.web.admin.views import LocalTime, connection_state
from service.web.api import accesses as accesses_api
from service.web.api import activity as api
from service.web.api import bookings as bookings_api
from service.web.api import connections as connections_api
from service.web.api import locks as locks_api
from service.web.api import rules as rules_api
from service.web.api.bookings import BookingSchema, MembershipSchema
from service.web.api.connections import ConnectionSchema
from service.web.api.locks import LockSchema
from service.web.read_models import (
    AccessSchema,
    ConnectionQuery,
    MessageSchema,
    PageQuery,
    message_schema,
    none_such,
)
from service.web.validation import read_query

MOST: Final = 50
"""How many of each thing the page of what failed shows."""


@blueprint.get("/connections/<connection>/bookings/<any_id:booking>")
def show_booking(connection: str, booking: str) -> Response:
    """Show a booking with its active and inactive accesses, and its messages."""
    found = connections_api.show_connection(service(), connection)
    schema = bookings_api.show_booking(service(), found.id, booking)
    local = local_time(found.timezone)
    return show(
        "booking.html",
        kind="Booking",
        what=schema.resource,
        customer=schema.customer,
        period=local.span(schema.start, schema.end),
        ended=local.moment(schema.cancelled_at),
        **_accesses_and_messages(found, schema),
    )


@blueprint.get("/connections/<connection>/memberships/<any_id:membership>")
def show_membership(connection: str, membership: str) -> Response:
    """Show a membership with all it ever opened (EXV-02)."""
    found = connections_api.show_connection(service(), connection)
    schema = bookings_api.show_membership(service(), found.id, membership)
    local = local_time(found.timezone)
    return show(
        "booking.html",
        kind="Membership",
        what=schema.community,
        customer=schema.member,
        period=local.span(schema.since, None),
        ended=local.moment(schema.ended_at),
        **_accesses_and_messages(found, schema),
    )


def _accesses_and_messages(
    connection: ConnectionSchema, schema: BookingSchema | MembershipSchema
) -> dict[str, Any]:  # models of pages differ
    local, rows = local_time(connection.timezone), rows_of(schema.accesses)
    return {
        **frame_of(connection, "") | {"section": "/"},
        "id": schema.id,
        "active": [row for row in rows if row["active"]],
        "inactive": [row for row in rows if not row["active"]],
        "messages": [(each, local) for each in schema.messages],
    }


@blueprint.get("/events")
def list_events() -> Response:
    """Show what the booking platforms sent, the newest first."""
    query = read_query(PageQuery, request.args)
    asked = ConnectionQuery(cursor=query.cursor, limit=query.limit)
    found = api.list_events(service(), asked)
    connections = _connections()
    rows = [
        (each, local_time(connections[each.connection].timezone))
        for each in found.items
    ]
    names = {each.id: each.name for each in connections.values()}
    return show(
        "events.html",
        section="/events",
        rows=rows,
        names=names,
        older=found.next_cursor,
        newest=query.cursor,
    )


def _connections() -> dict[str, ConnectionSchema]:
    found = connections_api.list_connections(service()).items
    return {each.id: each for each in found}


@blueprint.post("/events/<event>/replay")
def replay_event(event: str) -> Response:
    """Process an event again, with the rules as they are now."""
    made = api.replay_event(service(), event)
    outcome = phrase(made.status)
    return done("/events", "Processed again: {outcome}.", outcome=outcome)


@blueprint.get("/audit")
def list_audit() -> Response:
    """Show who saw, made or took away which code (the trail)."""
    query = read_query(api.AuditQuery, request.args)
    found = api.list_audit(service(), query)
    return show(
        "audit.html",
        section="/audit",
        entries=found.items,
        local=local_time("UTC"),
        older=found.next_cursor,
        newest=query.cursor,
    )


@blueprint.get("/trouble")
def list_trouble() -> Response:
    """Show what failed and what stands in the way, each with what can be done."""
    connections = _connections()
    return show(
        "trouble.html",
        section="/trouble",
        codes=rows_of(_wanted(Status.FAILED)),
        late=rows_of(_late(_wanted(Status.IN_PROGRESS))),
        messages=_failed_messages(connections),
        connections=[
            (each, connection_state(each))
            for each in connections.values()
            if not each.linked
        ],
        locks=_locks_in_the_way(connections),
    )


def _wanted(status: Status) -> list[AccessSchema]:
    """Return the accesses of a status that are wanted and whose time is not over."""
    query = accesses_api.AccessQuery(status=status, limit=MOST)
    return [
        each
        for each in accesses_api.list_accesses(service(), query).items
        if each.cancelled_at is None
        and (each.valid_until is None or each.valid_until > now())
    ]


def _late(found: list[AccessSchema]) -> list[AccessSchema]:
    """Return those of which the owner is told that there is no code yet."""
    if not found:
        return []
    ids = [(each.id,) for each in found]
    records = service().deps.store.read(
        lambda tx: accesses.GATEWAY.where_in(tx, ("id",), ids)
    )
    late = {
        each.id
        for each in records
        if each.missing and notice_due_at(each.asked_at, each.start_at) <= now()
    }
    return [each for each in found if each.id in late]


def _failed_messages(
    connections: dict[str, ConnectionSchema],
) -> list[tuple[MessageSchema, LocalTime]]:
    """Return the messages that failed, each with its connection's time."""
    found = service().deps.store.read(lambda tx: messages.failed(tx, MOST))
    return [
        (message_schema(each), local_time(connections[each.connection_id].timezone))
        for each in found
    ]


def _locks_in_the_way(
    connections: dict[str, ConnectionSchema],
) -> list[tuple[LockSchema, ConnectionSchema]]:
    """Return the locks that a rule names and that cannot be used, or may not work."""
    found = []
    for connection in connections.values():
        rules = rules_api.list_rules(service(), connection.id).items
        named = {lock for rule in rules for lock in rule.locks}
        found += [
            (each, connection)
            for each in locks_api.list_locks(service(), connection.id).items
            if each.id in named and (not each.usable or each.warning)
        ]
    return found


@blueprint.post("/messages/<message>/try-again")
def send_message_again(message: str) -> Response:
    """Have a message that failed sent again."""
    if not send_again(service().deps, message, now()):
        raise none_such("failed message", message)
    service().wake()
    return done("/trouble", "It is being sent again.")
