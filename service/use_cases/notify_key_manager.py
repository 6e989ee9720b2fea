"""Tell the manager: a key is late, or came back (LIV-05, LIV-06).

Invariants: the same is never told twice. That a key is late is told once for each end
that its booking had; a notice that has become untrue before it went out is withheld.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from service.domain.messages import KeyFacts, overdue, returned
from service.domain.rules import Channel
from service.ids import new_id
from service.store import accesses, keys, locks, messages
from service.store.messages import Message, MessageKind, MessageStatus, Reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from service.domain.messages import RenderedText
    from service.store.accesses import Access
    from service.store.connections import Connection
    from service.store.database import Tx

NOBODY: Final = "nobody looks after the keys; set manager_email or owner_email"
BACK: Final = "the key came back before the message was sent"
TEXTS: Final[dict[str, Callable[[KeyFacts], RenderedText]]] = {
    MessageKind.OVERDUE: overdue,
    MessageKind.RETURNED: returned,
}


@dataclass(frozen=True, slots=True)
class KeyNotice:
    """What is to be told of an access's key; equal `at` is the same news."""

    kind: MessageKind
    access: Access
    rule_id: str
    at: datetime

    @property
    def fingerprint(self) -> str:
        """Return a mark that is equal for equal news."""
        fields = self.kind, self.access.id, self.at.isoformat()
        return hashlib.sha256(json.dumps(fields).encode()).hexdigest()


def notify_key_manager(
    tx: Tx, connection: Connection, notice: KeyNotice, now: datetime
) -> None:
    """Plan the message, unless it is planned already."""
    access, earlier = notice.access, messages.of_access(tx, notice.access)
    if any(each.fingerprint == notice.fingerprint for each in earlier):
        return
    recipient = connection.manager_email or connection.owner_email
    message = Message(
        id=new_id("msg", now),
        connection_id=connection.id,
        booking_ref=access.booking_ref,
        access_id=access.id if access.booking_ref is None else None,
        rule_id=notice.rule_id,
        reader=Reader.MANAGER,
        channel=Channel.EMAIL,
        language=None,
        recipient=recipient,
        access_ids=[access.id],
        fingerprint=notice.fingerprint,
        status=MessageStatus.WAITING if recipient else MessageStatus.FAILED,
        reason=None if recipient else NOBODY,
        created_at=now,
        send_at=now,
        due_at=now if recipient else None,
        kind=notice.kind,
    )
    messages.GATEWAY.add(tx, message)


def cancel_notice(tx: Tx, access: Access) -> None:
    """Withhold what was to be told of a late key that has come back."""
    for each in messages.of_access(tx, access):
        untrue = each.kind == MessageKind.OVERDUE and each.access_ids == [access.id]
        if untrue and each.status == MessageStatus.WAITING:
            values = {"status": MessageStatus.WITHHELD, "reason": BACK}
            messages.change(tx, each.id, **values, due_at=None, lease=None)


def notice_text(tx: Tx, message: Message) -> RenderedText:
    """Return the text of a message about a key, from what is known of it now."""
    access = accesses.get(tx, message.access_ids[0])
    lock = locks.get(tx, access.lock_id)
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
