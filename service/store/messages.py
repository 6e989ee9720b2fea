"""Messages and the templates of their texts, as rows of their tables (MSG-03).

The text is made from the template at the moment of sending and is stored nowhere, since
it holds the code. `fingerprint` is equal for messages with the same content, so that
none is sent twice.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from service.domain.messages import Template
from service.store.accesses import Access
from service.store.database import Tx
from service.store.table_gateway import TableGateway
from service.store.tables import OF_BOOKING, goes_with_booking, stored_in


class MessageStatus(StrEnum):
    """The status of a message, in the words of the API."""

    WAITING = "waiting"
    SENT = "sent"
    WITHHELD = "withheld"
    FAILED = "failed"


class Reader(StrEnum):
    """Who a message is for."""

    CUSTOMER = "customer"
    OWNER = "owner"
    MANAGER = "manager"


class MessageKind(StrEnum):
    """What a message is about."""

    CODE = "code"
    OVERDUE = "overdue"  # a key was not given back (LIV-05)
    RETURNED = "returned"  # it was (LIV-06)
    TROUBLE = "trouble"  # a code does not exist, or not as it should
    LOCK = "lock"  # a lock will not open, or has codes that it should not have
    ACCOUNT = "account"  # the vendor refuses the credentials


@stored_in("messages", goes_with_booking(), sa.Index(None, *OF_BOOKING))
class Message:
    """A message about one booking, by one rule, to one reader.

    `kind` says what about; a key's may be of no rule, since rules can be deleted, and
    about the access `access_id` alone, which was made by hand and has no booking.

    `recipient` is where it went or is to go, None where that is not known;
    `access_ids` name the accesses whose codes it tells;
    `send_at` is when it was to go out by the rule (MSG-02).
    `sent_at` is when it went; a waiting one that has it was taken before a crash.
    """

    id: str
    connection_id: str
    booking_ref: str | None
    rule_id: str
    reader: str
    channel: str
    language: str | None
    recipient: str | None = field(repr=False)
    access_ids: list[str]
    fingerprint: str
    status: str
    reason: str | None
    created_at: datetime
    send_at: datetime
    due_at: datetime | None
    sent_at: datetime | None = None
    attempts: int = 0
    lease: str | None = None
    kind: str = MessageKind.CODE
    access_id: str | None = None
    lock_id: str | None = None

    def delivered(self, access_id: str) -> bool:
        """Return whether it has told a customer this access's code."""
        told = self.kind == MessageKind.CODE and self.status == MessageStatus.SENT
        to_customer = self.reader == Reader.CUSTOMER
        return told and to_customer and access_id in self.access_ids


GATEWAY: Final = TableGateway(Message)
get: Final = GATEWAY.get
change: Final = GATEWAY.change_by_id
conclude: Final = GATEWAY.conclude


def of_booking(tx: Tx, connection_id: str, ref: str) -> list[Message]:
    """Return every message about the booking, the oldest first."""
    return GATEWAY.all(tx, connection_id=connection_id, booking_ref=ref)


def of_access(tx: Tx, access: Access) -> list[Message]:
    """Return every message about the access's booking, or about it alone."""
    if access.booking_ref is None:
        return GATEWAY.all(tx, access_id=access.id)
    return of_booking(tx, access.connection_id, access.booking_ref)


def failed(tx: Tx, limit: int) -> list[Message]:
    """Return the messages that failed, the newest first."""
    # Written out, so that it can find the partial index
    of_those = GATEWAY.table.c.status == sa.literal_column(f"'{MessageStatus.FAILED}'")
    return GATEWAY.where(tx, of_those, newest_first=True, limit=limit)


@stored_in("templates", sa.PrimaryKeyConstraint("connection_id", "channel", "language"))
class StoredTemplate:
    """A connection's own text for messages of one channel and language."""

    connection_id: str
    channel: str
    language: str
    subject: str
    body: str

    @property
    def template(self) -> Template:
        """Return the template as the domain knows it."""
        return Template(self.subject, self.body)


TEMPLATES: Final = TableGateway(StoredTemplate)


def templates_of_channel(
    tx: Tx, connection_id: str, channel: str
) -> list[StoredTemplate]:
    """Return the channel's templates, in order of language."""
    return TEMPLATES.all(tx, connection_id=connection_id, channel=channel)


def put_template(tx: Tx, template: StoredTemplate) -> None:
    """Store the template in place of the earlier one."""
    names = ("connection_id", "channel", "language")
    TEMPLATES.remove(tx, **{name: getattr(template, name) for name in names})
    TEMPLATES.add(tx, template)
