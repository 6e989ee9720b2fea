"""Messages: what a customer or an owner is to be told, and what became of it.

The text is made from the template at the moment of sending and kept nowhere, since
it holds the code. `told` says in short what the message is about, so that the same
is not told twice.
"""

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


class MessageStatus(StrEnum):
    """Where a message stands, in the words the API shows."""

    WAITING = "waiting"
    SENT = "sent"
    WITHHELD = "withheld"
    FAILED = "failed"


class Reader(StrEnum):
    """Who a message is for."""

    CUSTOMER = "customer"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Message:
    """A message about one booking, by one rule, to one reader.

    `recipient` is where it went or is to go, None where that is not known;
    `send_at` is when it was to go out by the rule (MSG-02).
    """

    id: str
    connection_id: str
    booking_ref: str
    rule_id: str
    reader: str
    channel: str
    language: str | None
    recipient: str | None
    told: str
    status: str
    reason: str | None
    created_at: datetime
    send_at: datetime
    sent_at: datetime | None
    attempts: int
    due_at: datetime | None
    lease: str | None


SHELF: Final = Shelf(tables.messages, Message)
_c = tables.messages.c


def by_id(tx: Tx, message_id: str) -> Message | None:
    """Return the message, or None."""
    return SHELF.find(tx, _c.id == message_id)


def of_booking(tx: Tx, connection_id: str, ref: str) -> list[Message]:
    """Return every message about the booking, the oldest first."""
    return SHELF.all(tx, _c.connection_id == connection_id, _c.booking_ref == ref)


def change(tx: Tx, message_id: str, **values: object) -> None:
    """Give the message the values."""
    SHELF.change(tx, _c.id == message_id, **values)


def conclude(tx: Tx, message_id: str, lease: str, **values: object) -> bool:
    """Tell whether the values were taken: only from the one who holds the lease."""
    held = (_c.id == message_id) & (_c.lease == lease)
    return SHELF.change(tx, held, lease=None, **values) == 1
