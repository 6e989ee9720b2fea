"""Events, as they were received, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from typing import Final

from service.store import tables
from service.store.shelf import Shelf

if TYPE_CHECKING:
    from datetime import datetime

    from service.store.tx import Tx


class Outcome(StrEnum):
    """What became of an event, in the words of the webhook's answer."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
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


SHELF: Final = Shelf(tables.events, StoredEvent)


def by_id(tx: Tx, event: str) -> StoredEvent | None:
    """Return the event with our id, or None."""
    return SHELF.find(tx, id=event)


def by_sender(tx: Tx, connection_id: str, event_id: str) -> StoredEvent | None:
    """Return the event that the sender gave this id, or None."""
    return SHELF.find(tx, connection_id=connection_id, event_id=event_id)
