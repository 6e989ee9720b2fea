"""Messages: what customers and owners were told or are to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.booking import ref_of
from service.store import messages
from service.web.api.shared import ConnectionQuery, named
from service.web.endpoint import Endpoints
from service.web.fields import Instant, Shape

if TYPE_CHECKING:
    from service.bootstrap import Service
    from service.store.messages import Message

endpoints = Endpoints()


class MessageQuery(ConnectionQuery):
    """Which messages, the newest first."""

    booking: str | None = None
    membership: str | None = None

    @property
    def ref(self) -> str | None:
        """Return the ref of the booking or membership that is asked for."""
        return ref_of(self.membership) if self.membership else self.booking


class MessageSchema(Shape):
    """A message without its text, which holds the code and is kept nowhere.

    `status` is waiting, sent, withheld or failed; `reader` is customer, owner or
    manager; `kind` is code, overdue or returned. What is told of the key of a code made
    by hand has neither booking nor membership.
    """

    id: str
    connection: str
    booking: str | None
    membership: str | None
    rule: str
    kind: str
    reader: str
    channel: str
    language: str | None
    recipient: str | None
    accesses: list[str]
    status: str
    reason: str | None
    created_at: Instant
    send_at: Instant
    sent_at: Instant | None
    next_try_at: Instant | None


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
    return MessageList(items=[to_schema(each) for each in rows], next_cursor=more)


def to_schema(message: Message) -> MessageSchema:
    """Return the message as the API shows it."""
    return MessageSchema(
        id=message.id,
        connection=message.connection_id,
        **named(message.booking_ref),
        rule=message.rule_id,
        kind=message.kind,
        reader=message.reader,
        channel=message.channel,
        language=message.language,
        recipient=message.recipient,
        accesses=message.access_ids,
        status=message.status,
        reason=message.reason,
        created_at=message.created_at,
        send_at=message.send_at,
        sent_at=message.sent_at,
        next_try_at=message.due_at if not message.lease else None,
    )
