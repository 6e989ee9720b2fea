"""Notices that are no longer true when they could go out.

A mail server may be away for hours; meanwhile a late key comes back or its stay is
extended, a lock is well again, credentials are taken again. Whether a notice is true is
read from what is stored when it is due, so it does not matter what made it untrue.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from service.domain.keys import KeyPlace, place
from service.store import accesses, connections, keys, locks
from service.store.database import Tx
from service.store.messages import Message, MessageKind
from service.use_cases.track_keys import return_due_of

OUTDATED: Final = "what it was to tell was over before it could be sent"


def is_outdated(tx: Tx, message: Message, now: datetime) -> bool:
    """Return whether the notice tells of trouble that there is no more."""
    match message.kind:
        case MessageKind.ACCOUNT:
            return connections.get(tx, message.connection_id).refused_at is None
        case MessageKind.LOCK if message.lock_id is not None:
            return not locks.get(tx, message.lock_id).troubles
        case MessageKind.OVERDUE:
            return not _is_overdue(tx, message.access_ids[0], now)
    return False


def _is_overdue(tx: Tx, access_id: str, now: datetime) -> bool:
    """Return whether this access still has its key, too long."""
    key = keys.get(tx, accesses.get(tx, access_id).lock_id).key
    due_back = return_due_of(tx, access_id if key.holder == access_id else None)
    due = due_back.overdue_at if due_back else None
    return place(key, due, now) is KeyPlace.OVERDUE
