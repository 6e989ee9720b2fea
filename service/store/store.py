"""The store: every read and write of the service goes through it.

Invariants: records are read or written only inside `read_one`, `read` and `write`. The
work that a caller hands in does nothing but use the transaction, because PostgreSQL
may run it again. No call returns before its work is durable, and work that fails takes
no other work with it.

SQLite lets one writer in at a time, and most of that time is the sync of the commit.
So a caller that finds nobody writing writes itself; what comes meanwhile waits for one
thread, which writes all of it in one commit (group commit). PostgreSQL lets many write
and shares the syncs itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from queue import Empty, SimpleQueue
from shutil import disk_usage
from threading import Lock, Thread
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.clock import now
from service.secret import Secret
from service.store import leases, schema
from service.store.database import (
    POSTGRESQL_CONNECTIONS,
    TO_READ,
    TO_WRITE,
    DatabaseUrlError,
    Tx,
    connected,
    migrate,
    open_engine,
    transaction,
)
from service.store.files import ProcessLock, keep_private
from service.store.leases import FileMarks, Marks, RowMarks
from service.store.table_gateway import Prepared
from service.store.vault import Vault

Thing = TypeVar("Thing")
Result = TypeVar("Result")

LEAST_FREE: Final = 1024 * 1024
"""How many bytes a disk must have left for SQLite to go on."""

REPEATS: Final = 5
"""How often PostgreSQL runs work that conflicts with another transaction. Each time at
least one of the two is stored."""


TROUBLE: Final = (IntegrityError, InterfaceError, OperationalError, PoolTimeout)
"""The errors of a database that is away, or of a conflict that did not end."""


class StoreUnavailable(Exception):  # noqa: N818 (it reads as what it says)
    """The database cannot be reached or cannot store anything now; try again later."""


class Store:
    """The records of one database; safe to use from many threads and processes."""

    def __init__(
        self,
        database_url: str,
        key: Secret,
        connections: int = POSTGRESQL_CONNECTIONS,
    ) -> None:
        self.vault = Vault(key)
        self._engine = open_engine(database_url, connections)
        self._to_read = TO_READ[self._engine.dialect.name]
        self._to_write = TO_WRITE[self._engine.dialect.name]
        self.marks: Marks = RowMarks(self._engine)
        self._writer: Writer | None = None
        self._reader: Reader | None = None
        self._process_lock: ProcessLock | None = None
        if self._engine.dialect.name == "sqlite":
            keep_private(Path(str(self._engine.url.database)))
        try:
            with _translate_errors():
                self._open()
        except BaseException:
            self.close()
            raise

    def write(self, work: Callable[[Tx], Result]) -> Result:
        """Run the work in a transaction; return its result once that is durable."""
        return self.write_for(lambda tx, _: [work(tx)], None)

    def write_for(
        self,
        work: Callable[[Tx, Sequence[Thing]], Sequence[Result]],
        thing: Thing,
    ) -> Result:
        """Run the work for the thing; return its result once that is durable.

        The work takes a list of things and returns as many results, because things
        that wait for the same work are handled together. Where a list fails, each of
        its things is tried alone.
        """
        with _translate_errors():
            if self._writer:
                result: Result = self._writer.write(QueuedWork(work, thing))
                return result
            return self._write_here(lambda tx: work(tx, [thing])[0])

    def read(self, work: Callable[[Tx], Result]) -> Result:
        """Run the work in a transaction that sees one moment; return its result."""
        with (
            _translate_errors(),
            connected(self._engine) as sql,
            transaction(sql, self._to_read),
        ):
            return work(Tx(sql, self.vault))

    def read_one(self, work: Callable[[Tx], Result]) -> Result:
        """Run work of one statement, without a transaction; return its result."""
        with _translate_errors():
            if self._reader and self._reader.turn.acquire(blocking=False):
                return self._reader.read(work)
            with connected(self._engine) as sql:
                return work(Tx(sql, self.vault))

    def check_writable(self) -> None:
        """Write a row that stays as it is; raise `StoreUnavailable` if that fails.

        SQLite's log often has room for one row when nothing else fits on the disk.
        """
        if self._writer:
            folder = Path(str(self._engine.url.database)).absolute().parent
            if disk_usage(folder).free < LEAST_FREE:
                raise StoreUnavailable("the disk of the database is full")
        self.write(lambda tx: _WRITE_CANARY.count(tx.sql))

    def close(self) -> None:
        """Write what was handed in, then close all connections and files."""
        if self._writer:
            self._writer.close()
        if self._reader:
            self._reader.close()
        self._engine.dispose()
        if self._process_lock:
            self._process_lock.close()

    def _open(self) -> None:
        self._migrate()
        if self._engine.dialect.name != "sqlite":
            return
        database = Path(str(self._engine.url.database))
        self.marks = FileMarks(database.with_suffix(".marks"))
        self._writer = Writer(self._engine, self.vault)
        self._reader = Reader(self._engine, self.vault)
        self._process_lock = ProcessLock(database)
        if self._process_lock.alone:
            self.write(lambda tx: leases.reclaim_leases(tx, now()))
            self._process_lock.downgrade()

    def _migrate(self) -> None:
        try:
            migrate(self._engine, self._check_key)
        except DatabaseError as error:
            if isinstance(error, TROUBLE):
                raise
            raise DatabaseUrlError(
                f"{self._engine.url.database!r} is not an SQLite database; name "
                "another file in STRIKEPLATE_DATABASE_URL"
            ) from None

    def _check_key(self, sql: sa.Connection) -> None:
        """Open the canary, or raise `SecretKeyError`; take the key of fingerprints.

        A database that lacks either gets it.
        """
        canary = schema.canary.c
        rows = sql.execute(sa.select(canary.id, canary.sealed_text))
        sealed = {row: text for row, text in rows}  # noqa: C416 (rows are no pairs)
        if CANARY in sealed:
            self.vault.open(sealed[CANARY])
        else:
            _add_canary(sql, CANARY, self.vault.seal(Secret("canary")))
        if FINGERPRINT_KEY in sealed:
            self.vault.take_fingerprint_key(sealed[FINGERPRINT_KEY])
        else:
            _add_canary(sql, FINGERPRINT_KEY, self.vault.seal_fingerprint_key())

    def _write_here(self, work: Callable[[Tx], Result]) -> Result:
        for _ in range(REPEATS):
            try:
                with (
                    connected(self._engine) as sql,
                    transaction(sql, self._to_write),
                ):
                    return work(Tx(sql, self.vault))
            except (IntegrityError, OperationalError) as error:
                conflict = error
        raise conflict


_WRITE_CANARY: Final = Prepared(
    sa.update(schema.canary).values(sealed_text=schema.canary.c.sealed_text)
)
CANARY: Final = 1
FINGERPRINT_KEY: Final = 2
"""Rows of the table `canary`."""


def _add_canary(sql: sa.Connection, row: int, sealed: str) -> None:
    sql.execute(sa.insert(schema.canary).values(id=row, sealed_text=sealed))


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Raise `StoreUnavailable` for the database's errors, without statement values."""
    try:
        yield
    except TROUBLE as error:
        text = str(getattr(error, "orig", error)).split("\n")[0]  # values follow
        raise StoreUnavailable(f"{type(error).__name__}: {text}") from None


class Reader:
    """A connection that stays open for single statements, of who has the `turn`.

    To fetch one from the pool and give it back costs more than most statements.
    """

    def __init__(self, engine: sa.Engine, vault: Vault) -> None:
        self._open = ExitStack()
        self._tx = Tx(self._open.enter_context(connected(engine)), vault)
        self.turn = Lock()

    def read(self, work: Callable[[Tx], Result]) -> Result:
        """Run the work, then let the next one have its turn."""
        try:
            self._tx.sql.known.forget()
            return work(self._tx)
        finally:
            self.turn.release()

    def close(self) -> None:
        """Close the connection, once nobody has the turn."""
        with self.turn:
            self._open.close()


MAX_BATCH: Final = 256
"""How many pieces of work share one commit at most."""


class Writer:
    """Runs the writing transactions of all threads, one after the other.

    A caller that finds nobody writing runs its own, which saves two switches of thread.
    """

    def __init__(self, engine: sa.Engine, vault: Vault) -> None:
        self._queue: SimpleQueue[QueuedWork | None] = SimpleQueue()
        self._open = ExitStack()
        self._tx = Tx(self._open.enter_context(connected(engine)), vault)
        self._turn = Lock()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def write(self, item: QueuedWork) -> Any:
        """Run the work for the thing, as `Store.write_for` says; return its result.

        What the work raises for this thing alone is raised here again.
        """
        if self._turn.acquire(blocking=False):
            try:
                _commit(self._tx, [item])
            finally:
                self._turn.release()
        else:
            self._queue.put(item)
        return item.outcome()

    def close(self) -> None:
        """Write what was handed in before, then end the thread."""
        self._queue.put(None)
        self._thread.join()
        self._open.close()

    def _run(self) -> None:
        items: list[QueuedWork | None] = []
        while None not in items:
            items = [self._queue.get()]
            with self._turn:  # what is handed in until then shares the commit
                items += self._waiting()
                if batch := [each for each in items if each]:
                    _commit(self._tx, batch)

    def _waiting(self) -> Iterator[QueuedWork | None]:
        with suppress(Empty):
            for _ in range(1, MAX_BATCH):
                yield self._queue.get_nowait()


def _commit(tx: Tx, items: list[QueuedWork]) -> None:
    failed: BaseException | None = None
    try:
        with transaction(tx.sql, TO_WRITE[tx.sql.dialect.name]):
            if len(items) == 1:  # which the transaction itself undoes
                _run_work(tx, items)
            else:
                for _, alike in groupby(items, attrgetter("work")):
                    _do(tx, list(alike))
    except BaseException as error:  # noqa: BLE001 (it is raised again by each caller)
        failed = error
    for item in items:
        item.finish(failed)


def _do(tx: Tx, items: list[QueuedWork]) -> None:
    """Run one work for all of its items; if it fails, undo it and run each alone."""
    try:
        with tx.savepoint():
            _run_work(tx, items)
    except BaseException as failed:  # noqa: BLE001 (raised again by the caller)
        if len(items) == 1:
            items[0].failed = failed
            return
        for item in items:
            _do(tx, [item])


def _run_work(tx: Tx, items: list[QueuedWork]) -> None:
    """Run the one work of these items, and keep the result of each."""
    results = items[0].work(tx, [item.thing for item in items])
    for item, result in zip(items, results, strict=True):
        item.result = result


class QueuedWork:
    """Work for one thing, and its outcome once there is one."""

    def __init__(self, work: Callable[..., Sequence[Any]], thing: object) -> None:
        self.work = work
        self.thing = thing
        self.result: Any = None  # any result: the caller knows its type
        self.failed: BaseException | None = None
        self._pending = Lock()  # a Future would cost ten times as much
        self._pending.acquire()

    def finish(self, failed: BaseException | None) -> None:
        """Release the caller: the result is durable, or the commit failed."""
        self.failed = failed or self.failed
        self._pending.release()

    def outcome(self) -> Any:
        """Return the result once it is durable; raise what went wrong."""
        self._pending.acquire()
        if self.failed is not None:
            raise self.failed
        return self.result
