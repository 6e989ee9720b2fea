"""What is stored follows a clock that is set back, so that nothing waits for it.

A wait is stored as the instant at which it ends. When the clock is set back by an hour,
that instant is an hour further away; so it is moved back as well. Times that a booking
fixes (when a message is to be sent, when a code is to be taken off a lock) stay.

Invariants: `clock` has one row, the latest instant that a worker saw. What is moved
comes due no earlier than now, and no later than the wait that was left.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from service.domain.access import Status
from service.store import schema
from service.store.database import Tx
from service.store.table_gateway import Prepared

LONGEST_WAIT: Final = timedelta(days=1)
"""Longer than any wait between two tries or two looks."""

_clock = schema.clock.c
_SEEN: Final = Prepared(sa.select(_clock.seen_at))
_ADD: Final = Prepared(sa.insert(schema.clock))
_SET: Final = Prepared(sa.update(schema.clock).values(seen_at=sa.bindparam("at")))
_FREE_LOGINS: Final = Prepared(sa.update(schema.vendor_tokens).values(login_at=None))


def seen_at(tx: Tx) -> datetime | None:
    """Return the latest instant that a worker saw, None if there was none."""
    rows = _SEEN.rows(tx.sql)
    return rows[0][0] if rows else None


def note_seen(tx: Tx, now: datetime) -> None:
    """Store that a worker sees this instant."""
    if not _SET.count(tx.sql, {"at": now}):
        _ADD.count(tx.sql, {"id": 1, "seen_at": now})


def bring_back(tx: Tx, was: datetime, now: datetime) -> int:
    """Move back what waits, after the clock showed `was`; return how much it was.

    What was found to be over, and is not, is tried again.
    """
    access, message = schema.accesses.c, schema.messages.c
    ordered = (access.status == Status.IN_PROGRESS) & (access.due_at <= was)
    tried = (access.attempts > 0) | access.lease.is_not(None)
    at_once = (message.created_at > now) & (message.send_at <= message.created_at)
    sent = (message.attempts > 0) | message.lease.is_not(None)
    waiting = {
        schema.accesses: tried | ordered,
        schema.messages: sent | at_once,
        schema.keys: sa.true(),  # to look early does no harm
        schema.locks: sa.true(),
        schema.bookings: schema.bookings.c.due_at <= was,
    }
    _FREE_LOGINS.count(tx.sql)
    moved = sum(_move(tx, each, waiting[each], was, now) for each in waiting)
    note_seen(tx, now)
    return moved + _try_again(tx, was, now)


def _move(
    tx: Tx, table: sa.Table, waits: sa.ColumnElement[bool], was: datetime, now: datetime
) -> int:
    due, key = table.c.due_at, list(table.primary_key)
    within = (due > now) & (due <= was + LONGEST_WAIT)
    found = Prepared(sa.select(*key, due).where(within, waits)).rows(tx.sql)
    same = [each == sa.bindparam(f"the_{each.name}") for each in key]
    change = Prepared(sa.update(table).where(*same).values(due_at=sa.bindparam("new")))
    rows = [
        {f"the_{each.name}": value for each, value in zip(key, values, strict=True)}
        | {"new": max(now, due_at - (was - now))}
        for *values, due_at in found
    ]
    if rows:
        change.each(tx.sql, rows)
    return len(rows)


def _try_again(tx: Tx, was: datetime, now: datetime) -> int:
    access = schema.accesses.c
    given_up = (access.status == Status.FAILED) & access.wanted
    not_over = (access.valid_until > now) & (access.valid_until <= was)
    those = given_up & not_over & access.due_at.is_(None)
    again = sa.update(schema.accesses).where(those).values(due_at=now)
    return Prepared(again).count(tx.sql)
