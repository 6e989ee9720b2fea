"""Leases: who works on what, for how long at most.

Law: a claim is written before the work begins and fenced by a name of its own. Work
whose holder is silent comes due again when the lease ends; a holder that comes back
too late finds another name in the row and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final

from sqlalchemy import case
from sqlalchemy import exists
from sqlalchemy import false
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from service.store import tables

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy import Table

    from service.store.tx import Tx

LEASED: Final = (tables.accesses, tables.messages)
"""The tables whose work is claimed, since it takes a call to somebody else."""

QUEUES: Final = (tables.bookings, *LEASED)
"""All tables with work to do; a booking's is done in one transaction."""

_booking: Final = tables.bookings.c


@dataclass(frozen=True, slots=True)
class Due:
    """A row whose work is due and that nobody holds."""

    id: str
    connection_id: str


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to one piece of work, from `since` to `until` at most."""

    name: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """How much work there is: due now, under way, and when the next comes due."""

    due: int
    in_flight: int
    next_at: datetime | None


def due(
    tx: Tx,
    table: Table,
    now: datetime,
    *,
    limit: int,
    without: Collection[str] = (),
) -> list[Due]:
    """Return what is due longest, but nothing of the connections in `without`.

    Work for a booking that has news waits until these are in. On PostgreSQL the
    rows are held, and those held by others are passed over.
    """
    found = tx.sql.execute(
        select(table.c.id, table.c.connection_id)
        .where(table.c.due_at <= now, table.c.connection_id.not_in(without))
        .where(~_has_news(table))
        .order_by(table.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Due(*row) for row in found]


def due_bookings(tx: Tx, now: datetime, *, limit: int) -> list[tuple[str, str]]:
    """Return connection and ref of the bookings whose news have waited longest."""
    found = tx.sql.execute(
        select(_booking.connection_id, _booking.ref)
        .where(_booking.due_at <= now)
        .order_by(_booking.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [(connection_id, ref) for connection_id, ref in found]


def put_off(tx: Tx, table: Table, row_id: str, until: datetime) -> None:
    """Note that the row's work waits until then; nobody holds it."""
    values = {"lease": None, "due_at": until}
    tx.sql.execute(update(table).where(table.c.id == row_id).values(values))


def take_over(tx: Tx, now: datetime) -> None:
    """End every lease: whoever held one is known to be dead.

    News that waited for the end of one are due at once.
    """
    for table in LEASED:
        held = table.c.lease.is_not(None)
        tx.sql.execute(update(table).where(held).values(lease=None, due_at=now))
    waiting = _booking.due_at.is_not(None)
    tx.sql.execute(update(tables.bookings).where(waiting).values(due_at=now))


def next_due(tx: Tx) -> datetime | None:
    """Return when the next work comes due, leases that end included; None is never."""
    firsts = [
        tx.sql.scalar(select(func.min(table.c.due_at)).where(_waits(table)))
        for table in QUEUES
    ]
    return min((first for first in firsts if first is not None), default=None)


def figures(tx: Tx, now: datetime, connection_id: str | None = None) -> Figures:
    """Return how much work there is, of all connections or of one."""
    rows = [_figures(tx, table, now, connection_id) for table in QUEUES]
    nexts = [row.next_at for row in rows if row.next_at is not None]
    return Figures(
        due=sum(row.due for row in rows),
        in_flight=sum(row.in_flight for row in rows),
        next_at=min(nexts, default=None),
    )


def _has_news(table: Table) -> ColumnElement[bool]:
    return exists().where(
        _booking.connection_id == table.c.connection_id,
        _booking.ref == table.c.booking_ref,
        _booking.due_at.is_not(None),
    )


def _figures(tx: Tx, table: Table, now: datetime, connection_id: str | None) -> Figures:
    held = table.c.lease.is_not(None) if table in LEASED else false()
    is_due = table.c.due_at <= now
    query = select(
        func.count(case((is_due, 1))),
        func.count(case((~is_due & held, 1))),
        func.min(case((~held, table.c.due_at))),
    ).where(_waits(table))
    if connection_id is not None:
        query = query.where(table.c.connection_id == connection_id)
    return Figures(*tx.sql.execute(query).one())


def _waits(table: Table) -> ColumnElement[bool]:
    return table.c.due_at.is_not(None)
