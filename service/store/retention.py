"""Retention: what is cleared once it was kept for the set time (CON-08).

Invariants: nothing is cleared that can still open a door or has work to do, and a
booking goes as a whole: with its accesses, its messages and, once it is gone, its
events.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from service.domain.access import Status
from service.store import schema
from service.store.bookings import NEVER
from service.store.database import Tx
from service.store.store import Store
from service.store.table_gateway import Prepared

_access = schema.accesses.c
_booking = schema.bookings.c
_event = schema.events.c
_message = schema.messages.c


MOST: Final = 500
"""How many records of a table are cleared at once."""


def purge(store: Store, before: datetime) -> int:
    """Return how many records of what was over before then are gone, step by step."""
    deleted = 0
    while step := store.write(lambda tx: delete_old(tx, before)):
        deleted += step
    return deleted


def delete_old(tx: Tx, before: datetime) -> int:
    """Return how many records of what was over before then are gone.

    At most so many go at once that nobody waits long for the one writer; what is left
    goes the next time.
    """
    values = {"before": before, "never": NEVER, "most": MOST}
    return sum(step.count(tx.sql, values) for step in _STEPS)


def _steps() -> list[sa.Delete]:
    before = sa.bindparam("before", type_=_event.received_at.type)
    never = sa.bindparam("never", type_=_booking.end_at.type)
    without_end = _access.valid_until.is_(None) & (_access.status == Status.CREATED)
    still_opens = without_end | (_access.valid_until >= before)
    removed, has_work = _access.status == Status.REMOVED, _access.due_at.is_not(None)
    must_stay = (still_opens & ~removed) | has_work
    ended = (_booking.end_at == never) & (_booking.cancelled_at < before)
    over = ((_booking.end_at < before) | ended) & ~_its_accesses(must_stay)
    by_hand = _access.by_hand & ~must_stay & (_ended() < before)
    orphaned = (_event.received_at < before) & ~_its_booking()
    ended_session = schema.sessions.c.ends_at < before
    vendor_tokens = schema.vendor_tokens
    notices = _message.booking_ref.is_(None) & _message.access_id.is_(None)
    return [
        _deletion(schema.messages, notices & (_message.created_at < before)),
        _deletion(schema.bookings, over),
        _deletion(schema.accesses, by_hand),
        _deletion(schema.events, orphaned),
        _deletion(schema.audit, schema.audit.c.at < before),
        _deletion(schema.sessions, ended_session),
        _deletion(vendor_tokens, vendor_tokens.c.good_until < before),
    ]


def _deletion(table: sa.Table, fit: sa.ColumnElement[bool]) -> sa.Delete:
    key = sa.tuple_(*table.primary_key)
    most = sa.bindparam("most", type_=sa.Integer)
    some = sa.select(*table.primary_key).where(fit).limit(most)
    return sa.delete(table).where(key.in_(some))


def _its_accesses(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        _access.connection_id == _booking.connection_id,
        _access.booking_ref == _booking.ref,
        condition,
    )


def _its_booking() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        _booking.connection_id == _event.connection_id,
        _booking.ref == _event.booking_ref,
    )


def _ended() -> sa.ColumnElement[datetime]:
    return sa.func.coalesce(
        _access.valid_until, _access.cancelled_at, _access.ordered_at
    )


_STEPS: Final = [Prepared(step) for step in _steps()]
"""In this order: an event goes once its booking is gone."""
