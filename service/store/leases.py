"""Leases: who works on what, for how long at most.

Invariants: a claim is written before the work begins and fenced by a name of its own.
Work whose holder is silent comes due again when the lease ends; a holder that comes
back too late finds another name in the row and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from service.clock import now
from service.store import schema
from service.store.database import Tx, connected
from service.store.messages import Message
from service.store.table_gateway import Prepared, longest_due

LEASED: Final = (schema.accesses, schema.messages, schema.keys, schema.locks)
"""The tables whose work takes a call to another system, so it is leased."""

QUEUES: Final = (schema.bookings, *LEASED)
"""All tables with work to do; a booking is reconciled in one transaction."""

LONGEST_LEASE: Final = timedelta(minutes=10)
_booking: Final = schema.bookings.c


@dataclass(frozen=True, slots=True)
class Due:
    """A row whose work is due and not leased."""

    id: str
    connection_id: str


@dataclass(frozen=True, slots=True)
class Lease:
    """The exclusive right to one row's work, from `since` to `until` at most."""

    name: str
    since: datetime
    until: datetime

    def columns(self, attempts: int) -> dict[str, Any]:
        """Return the columns of a row that is tried once more under this lease."""
        return {"attempts": attempts + 1, "due_at": self.until, "lease": self.name}


@dataclass(frozen=True, slots=True)
class QueueStats:
    """How much work there is: due now, under way, and when the next comes due."""

    due: int
    in_flight: int
    next_at: datetime | None


def due(
    tx: Tx,
    table: sa.Table,
    now: datetime,
    *,
    limit: int,
    excluding: Collection[str] = (),
) -> list[Due]:
    """Return the rows due longest, without those of the connections in `excluding`.

    Work for a booking waits until the booking is reconciled. On PostgreSQL the rows
    are locked, and those locked by others are skipped.
    """
    names = {_excluded(number): each for number, each in enumerate(excluding)}
    statement = _claimable(table, excluding=len(names))
    found = statement.rows(tx.sql, {"now": now, "limit": limit, **names})
    return [Due(*row) for row in found]


def due_of(
    tx: Tx, table: sa.Table, now: datetime, connection_id: str, *, limit: int
) -> list[Due]:
    """Return the rows of one connection that are due longest."""
    values = {"now": now, "limit": limit, "of": connection_id}
    return [Due(*row) for row in _claimable_of_one(table).rows(tx.sql, values)]


def due_besides(tx: Tx, table: sa.Table, now: datetime) -> bool:
    """Return whether work is due in a queue other than this one."""
    first = next_due_by_queue(tx)
    return any(first[queue] <= now for queue in first if queue is not table)


def put_off(tx: Tx, table: sa.Table, row_id: str, until: datetime) -> None:
    """Make the row's work due at that instant, and end its lease."""
    _put_off(table).count(tx.sql, {"row": row_id, "until": until})


def reclaim_leases(tx: Tx, now: datetime) -> None:
    """End every lease; call it only when the holders are known to be dead.

    Bookings that waited for the end of a lease are due at once; no lease lasts longer
    than `LONGEST_LEASE`. Messages keep its name, by which their mail may have a mark.
    """
    for table in LEASED:
        held = table.c.lease.is_not(None)
        ended = {} if table is schema.messages else {"lease": None}
        freed = sa.update(table).where(held).values(due_at=now, **ended)
        Prepared(freed).count(tx.sql)
    waiting = (_booking.due_at > now) & (_booking.due_at <= now + LONGEST_LEASE)
    Prepared(sa.update(schema.bookings).where(waiting).values(due_at=now)).count(tx.sql)


def next_due_by_queue(tx: Tx) -> dict[sa.Table, datetime]:
    """Return when each queue next has work, which may be the end of a lease."""
    [found] = _NEXT_DUE_BY_QUEUE.rows(tx.sql)
    return {queue: first for queue, first in zip(QUEUES, found, strict=True) if first}


def queue_stats(tx: Tx, now: datetime, connection_id: str | None = None) -> QueueStats:
    """Return how much work there is, of all connections or of one."""
    one = {} if connection_id is None else {"of": connection_id}
    [found] = _counts(of_one=bool(one)).rows(tx.sql, {"now": now, **one})
    due, in_flight, nexts = found[0::3], found[1::3], found[2::3]
    first = min(filter(None, nexts), default=None)
    return QueueStats(sum(due), sum(in_flight), first)


def _needs_reconcile(table: sa.Table) -> sa.ColumnElement[bool]:
    if table is schema.locks:
        return sa.false()
    return sa.exists().where(
        _booking.connection_id == table.c.connection_id,
        _booking.ref == table.c.booking_ref,
        _booking.due_at <= sa.bindparam("now"),
    )


@cache
def _put_off(table: sa.Table) -> Prepared:
    this = sa.update(table).where(table.c.id == sa.bindparam("row"))
    return Prepared(this.values(lease=None, due_at=sa.bindparam("until")))


@cache
def _claimable(table: sa.Table, *, excluding: int) -> Prepared:
    """Return the query for a queue's due rows, `excluding` so many connections."""
    of = table.c.connection_id.type
    names = [sa.bindparam(_excluded(number), type_=of) for number in range(excluding)]
    return _due_rows(table, table.c.connection_id.not_in(names) if names else sa.true())


@cache
def _claimable_of_one(table: sa.Table) -> Prepared:
    """Return the query for one connection's due rows."""
    # Concatenating '' keeps the planner from the connection's index, which would find
    # all of its rows, so it uses the one on due_at
    of = table.c.connection_id.concat(sa.literal_column("''"))
    return _due_rows(table, of == sa.bindparam("of"))


def _due_rows(table: sa.Table, where: sa.ColumnElement[bool]) -> Prepared:
    row = table.c
    query = sa.select(row.id, row.connection_id).where(
        row.due_at <= sa.bindparam("now")
    )
    return Prepared(longest_due(query.where(where, ~_needs_reconcile(table)), table))


def _excluded(number: int) -> str:
    return f"without_{number}"


@cache
def _counts(*, of_one: bool) -> Prepared:
    """Return the counting query of all queues, for all connections or for one."""
    return Prepared(
        sa.select(*(n for table in QUEUES for n in _count(table, of_one=of_one)))
    )


def _count(table: sa.Table, *, of_one: bool) -> Iterator[sa.ColumnElement[Any]]:
    """Yield a queue's three columns, each of which has an index of its own."""
    row = table.c
    now: sa.BindParameter[Any] = sa.bindparam("now")
    mine = row.connection_id == sa.bindparam("of") if of_one else sa.true()
    held = row.lease.is_not(None) if table in LEASED else sa.false()
    due = sa.select(sa.func.count()).where(row.due_at <= now, mine)
    in_flight = sa.select(sa.func.count()).where(held, row.due_at > now, mine)
    first = sa.select(sa.func.min(row.due_at)).where(_waits(table), ~held, mine)
    for each in (due, in_flight, first):
        yield each.select_from(table).scalar_subquery()


def _next_due(table: sa.Table) -> sa.ColumnElement[Any]:
    return sa.select(sa.func.min(table.c.due_at)).where(_waits(table)).scalar_subquery()


def _waits(table: sa.Table) -> sa.ColumnElement[bool]:
    return table.c.due_at.is_not(None)


_NEXT_DUE_BY_QUEUE: Final = Prepared(sa.select(*(_next_due(table) for table in QUEUES)))


class Marks(Protocol):
    """Marks of mails that the server took, kept until that is stored.

    A mail that was taken, and that no transaction has written down, would go out again
    after a `kill -9`. The transaction waits for a disk, a mark does not. So only the
    loss of power may lose a mark; the mail is then repeated with the same Message-ID.
    A mark that cannot be made stops nothing.
    """

    def during(self, message_id: str, lease: str) -> AbstractContextManager[None]:
        """Keep a mark while the block stores the answer; it stays if that fails."""

    def take(self, message: Message) -> bool:
        """Return whether the mail of the message's last lease was taken."""


class FileMarks:
    """Marks beside SQLite, whose one writer has a queue: empty files, named by lease.

    A file is made in microseconds.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)

    @contextmanager
    def during(self, message_id: str, lease: str) -> Iterator[None]:
        """Keep the file while the block runs."""
        del message_id  # the lease says enough
        with suppress(OSError):  # of a full disk
            (self._folder / lease).touch()
        yield
        self._remove(lease)

    def take(self, message: Message) -> bool:
        """Remove the file; return whether it was there."""
        return message.lease is not None and self._remove(message.lease)

    def _remove(self, lease: str) -> bool:
        try:
            (self._folder / lease).unlink()
        except OSError:
            return False
        return True


class RowMarks:
    """Marks in PostgreSQL: `sent_at` of a message that is not stored as sent yet.

    The statement commits by itself, and does not wait for the disk.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @contextmanager
    def during(self, message_id: str, lease: str) -> Iterator[None]:
        """Set `sent_at`, if the lease still holds; storing the answer does so again."""
        values = {"row": message_id, "held": lease, "at": now()}
        with suppress(SQLAlchemyError), connected(self._engine) as sql:
            _MARK.count(sql, values)
        yield

    def take(self, message: Message) -> bool:
        """Return whether `sent_at` is set."""
        return message.sent_at is not None


_message: Final = schema.messages.c
_no_wait: Final = sa.func.set_config("synchronous_commit", "off", sa.true())
_MARK: Final = Prepared(
    sa.update(schema.messages)
    .where(_message.id == sa.bindparam("row"), _message.lease == sa.bindparam("held"))
    .where(_no_wait == sa.literal_column("'off'"))  # until this one commits
    .values(sent_at=sa.bindparam("at"))
)
