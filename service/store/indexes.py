"""The indexes that hold a few rows of a table, so that finding those few stays cheap.

Invariants: what runs often never reads a table through, however much is stored. What
waits, what is under way, and what is cleared without a booking are each found by their
own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, true

from service.store.columns import has_names
from service.store.tables import accesses, bookings, events, keys, messages, metadata

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement

__all__ = ["metadata"]


def _of_some(
    name: str,
    *columns: Column[Any],
    where: ColumnElement[bool],
    unique: bool = False,
) -> None:
    Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


for _queue in (bookings, accesses, messages, keys):
    _row = _queue.c
    _waits = _row.due_at.is_not(None)
    _of_some(f"ix_{_queue.name}_due", _row.due_at, _row.connection_id, where=_waits)

for _queue in (accesses, messages, keys):
    _row = _queue.c
    _of_some(f"ix_{_queue.name}_held", _row.due_at, where=_row.lease.is_not(None))


_of_some(
    "ix_messages_access_id",
    messages.c.access_id,
    where=messages.c.access_id.is_not(None),
)
_row = accesses.c
_of_some("ix_accesses_beside", _row.connection_id, where=has_names(_row.extra_lock_ids))
_of_some(
    "ix_accesses_stays",
    _row.lock_id,
    _row.valid_until,
    where=_row.created_at.is_not(None),
)
# SQLite takes this index only where a query says `by_hand = 1`, as SQLAlchemy does.
_of_some("ix_accesses_by_hand", _row.ordered_at, where=_row.by_hand == true())
_of_some(
    "uq_accesses_one_wanted",
    _row.connection_id,
    _row.booking_ref,
    _row.lock_id,
    where=_row.wanted & _row.booking_ref.is_not(None),
    unique=True,
)
Index("ix_events_received_at", events.c.received_at)
