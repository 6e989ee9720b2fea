"""Notices: what owners and key managers are told of keys, locks and accounts.

Invariants: the same notice is planned once. Its text is made when it goes out, from
what is known then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from service.domain.messages import RenderedText
from service.domain.notices import (
    KeyFacts,
    TroubleFacts,
    account_refused,
    lock_trouble,
    overdue,
    returned,
    trouble,
)
from service.domain.rules import Channel
from service.ids import new_id
from service.store import accesses, connections, keys, locks, messages
from service.store.accesses import Access
from service.store.connections import Connection
from service.store.database import Tx
from service.store.locks import Lock
from service.store.messages import Message, MessageKind, MessageStatus, Reader

NOBODY: Final = "nobody looks after the keys; set manager_email or owner_email"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice about an access's key, a lock, or the account; equal `what` is the same.

    With neither access nor lock it is about the account.
    """

    kind: MessageKind
    what: str
    access: Access | None = None
    lock: Lock | None = None
    rule_id: str = ""

    @classmethod
    def of_key(
        cls, kind: MessageKind, access: Access, rule_id: str, at: datetime
    ) -> Notice:
        """Return the notice about the key that an access has, or had."""
        return cls(kind, at.isoformat(), access=access, rule_id=rule_id)

    @property
    def fingerprint(self) -> str:
        """Return a fingerprint that is equal for equal notices."""
        about = self.access or self.lock
        fields = self.kind, about.id if about else "", self.what
        return hashlib.sha256(json.dumps(fields).encode()).hexdigest()


def send_notice(tx: Tx, connection: Connection, notice: Notice, now: datetime) -> None:
    """Plan the message, unless it is planned already, or was sent."""
    access = notice.access  # what a lock or an account is told of is always new
    earlier = messages.of_access(tx, access) if access else []
    told = (each for each in earlier if each.status != MessageStatus.WITHHELD)
    if any(each.fingerprint == notice.fingerprint for each in told):
        return
    recipient = connection.owner_email
    if access is not None:
        recipient = connection.manager_email or recipient
    message = Message(
        id=new_id("msg", now),
        connection_id=connection.id,
        booking_ref=access.booking_ref if access else None,
        access_id=access.id if access and access.booking_ref is None else None,
        lock_id=notice.lock.id if notice.lock else None,
        rule_id=notice.rule_id,
        reader=Reader.MANAGER if access else Reader.OWNER,
        channel=Channel.EMAIL,
        language=None,
        recipient=recipient,
        access_ids=[access.id] if access else [],
        fingerprint=notice.fingerprint,
        status=MessageStatus.WAITING if recipient else MessageStatus.FAILED,
        reason=None if recipient else NOBODY,
        created_at=now,
        send_at=now,
        due_at=now if recipient else None,
        kind=notice.kind,
    )
    messages.GATEWAY.add(tx, message)


def notify_of_refusal(tx: Tx, connection_id: str, now: datetime) -> None:
    """Tell the owner that the vendor refuses the credentials, once a refusal."""
    connection = connections.get(tx, connection_id)
    told = connection.refused_at is None or connection.refusal_told_at is not None
    if told or connection.owner_email is None:
        return
    connections.change(tx, connection.id, refusal_told_at=now)
    send_notice(tx, connection, Notice(MessageKind.ACCOUNT, now.isoformat()), now)


def notice_text(tx: Tx, message: Message) -> RenderedText:
    """Return the text of a notice, from what is known now."""
    if message.kind == MessageKind.ACCOUNT:
        connection = connections.get(tx, message.connection_id)
        return account_refused(connection.vendor, connection.name)
    if message.lock_id is not None:
        lock = locks.get(tx, message.lock_id)
        return lock_trouble(lock.name, lock.troubles)
    access = accesses.get(tx, message.access_ids[0])
    lock = locks.get(tx, access.lock_id)
    if message.kind == MessageKind.TROUBLE:
        return trouble(_trouble_facts(message, access, lock))
    key = keys.get(tx, lock.id)
    facts = KeyFacts(
        key=lock.name,
        slot=key.slot,
        booking=message.booking_ref,
        resource=access.resource or "",
        due_at=access.ends_at or message.created_at,
        since=key.returned_at if message.kind == MessageKind.RETURNED else key.since,
        zone=lock.zone,
    )
    return TEXTS[message.kind](facts)


def _trouble_facts(message: Message, access: Access, lock: Lock) -> TroubleFacts:
    return TroubleFacts(
        door=lock.name,
        booking=message.booking_ref or "",
        resource=access.resource or "",
        start=access.start_at,
        end=access.end_at,
        works_until=access.valid_until if access.behind else None,
        reason=access.reason,
        zone=lock.zone,
    )


TEXTS: Final[dict[str, Callable[[KeyFacts], RenderedText]]] = {
    MessageKind.OVERDUE: overdue,
    MessageKind.RETURNED: returned,
}
