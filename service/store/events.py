"""Events, as they were received, and what became of them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from service.store import schema
from service.store.database import record
from service.store.table_gateway import TableGateway

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from service.store.database import Tx


class Outcome(StrEnum):
    """What became of an event, in the words of the webhook's answer."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"


@record
class StoredEvent:
    """An event; `id` is ours, `event_id` the sender's, unique in its connection.

    `content` is the message in one form of JSON, so that the same content reads the
    same however it was written. `reason` says why it is ignored, if it is.
    """

    id: str
    connection_id: str
    event_id: str
    type: str
    booking_ref: str | None
    content: str
    status: str
    reason: str | None
    occurred_at: datetime
    received_at: datetime


GATEWAY: Final = TableGateway(schema.events, StoredEvent)
by_id: Final = GATEWAY.by_id


def by_senders(
    tx: Tx, ids: Collection[tuple[str, str]]
) -> dict[tuple[str, str], StoredEvent]:
    """Return the events by connection and the id that the sender gave them."""
    found = GATEWAY.where_in(tx, ("connection_id", "event_id"), ids)
    return {(each.connection_id, each.event_id): each for each in found}
