"""What is stored follows a clock that is set back, so that nothing waits for it.

A wait is stored as the instant at which it ends. When the clock is set back by an hour,
that instant is an hour further away; so it is moved back as well. Times that a booking
fixes (when a message is to be sent, when a code is to be taken off a lock) stay.

Invariants: `clock` has one row, the latest instant that a worker saw. What is moved
comes due no earlier than now, and no later than the wait that was left. After a clock
jumped ahead nothing begins for `hold_seconds`, since what a wrong clock finds to be
over would be deleted; it begins at once when the clock is set back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic
from typing import Final

import sqlalchemy as sa

from service.clock import StepMonitor, now
from service.domain.access import Status
from service.observability import log
from service.store import schema
from service.store.database import Tx
from service.store.store import Store
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


SET: Final = timedelta(seconds=5)
"""By how much a clock must be set to count; time servers correct less in steps."""

JUMP: Final = timedelta(minutes=1)
NOTE_EVERY: Final = timedelta(minutes=1)


class ClockGuard:
    """Watches the clock of one worker; not for several threads."""

    def __init__(self, store: Store, hold_seconds: float) -> None:
        self._store = store
        self._hold_seconds = hold_seconds
        self._watch = StepMonitor()
        self._hold_ends = 0.0
        self._was: datetime | None = None
        self._noted_at: datetime | None = None

    def follow(self) -> bool:
        """Adapt to a clock that was set; tell whether nothing may begin for now."""
        step, at = self._watch.step(), now()
        if step > JUMP:
            self._hold_ends = monotonic() + self._hold_seconds
            log.error("clock jumped ahead", seconds=round(step.total_seconds()))
        elif step < -SET:
            self._was = at - step
        elif self._noted_at is None:
            self._was = self._seen_before(at)
        if self._was is not None:
            self._bring_back(self._was, at)
        held = monotonic() < self._hold_ends
        if not held and (self._noted_at is None or at - self._noted_at >= NOTE_EVERY):
            self._store.write(lambda tx: note_seen(tx, at))
            self._noted_at = at
        return held

    def _bring_back(self, was: datetime, at: datetime) -> None:
        moved = self._store.write(lambda tx: bring_back(tx, was, at))
        self._was, self._noted_at, self._hold_ends = None, at, 0.0
        log.error("clock was set back", moved=moved)

    def _seen_before(self, at: datetime) -> datetime | None:
        """Return the later instant that a process saw before, if there is one."""
        seen = self._store.read_one(seen_at)
        return seen if seen and seen - at > JUMP else None
