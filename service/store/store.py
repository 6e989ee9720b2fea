"""The store: durable records, and the only door to the database.

Invariants: everything is read or written inside `read_one`, `read` and `write`. What a
caller hands in does nothing but work on the transaction, since PostgreSQL may ask
again. On SQLite one thread writes for all (`writer.py`); PostgreSQL lets many write and
shares the sync of their commits itself.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.clock import now
from service.store import leases
from service.store.engine import TO_READ, TO_WRITE, connected, open_engine, transaction
from service.store.migrate import migrate
from service.store.process_lock import ProcessLock
from service.store.tx import Tx
from service.store.vault import Vault
from service.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from service.secret import Secret

Thing = TypeVar("Thing")
Result = TypeVar("Result")

REPEATS: Final = 5
"""How often work is tried on PostgreSQL when two transactions were in each other's
way; each time one of them got through."""


TROUBLE: Final = (IntegrityError, InterfaceError, OperationalError, PoolTimeout)
"""What says that the database is away, or that others were in the way to the end."""


class StoreUnavailable(Exception):  # noqa: N818 (it reads as what it says)
    """The database cannot be reached or cannot keep anything now; try again later."""


class Store:
    """The records of one database; safe to use from many threads and processes."""

    def __init__(self, database_url: str, key: Secret) -> None:
        self.vault = Vault(key)
        self._engine = open_engine(database_url)
        self._to_read = TO_READ[self._engine.dialect.name]
        self._to_write = TO_WRITE[self._engine.dialect.name]
        self._writer: Writer | None = None
        self._process_lock: ProcessLock | None = None
        try:
            with _translate_errors():
                self._open()
        except BaseException:
            self.close()
            raise

    def write(self, work: Callable[[Tx], Result]) -> Result:
        """Return what the work returns once it is durable; all of it or nothing is."""
        return self.write_for(lambda tx, _: [work(tx)], None)

    def write_for(
        self, work: Callable[[Tx, Sequence[Thing]], Sequence[Result]], thing: Thing
    ) -> Result:
        """Return what the work makes of the thing, once that is durable.

        The work takes any number of things and returns as many results: what waits
        for the same work may be done in one go. Each is alone where they fail together.
        """
        with _translate_errors():
            if self._writer:
                return self._writer.write(work, thing)
            return self._write_here(lambda tx: work(tx, [thing])[0])

    def read(self, work: Callable[[Tx], Result]) -> Result:
        """Return what the work finds, all of it as of one moment."""
        with (
            _translate_errors(),
            connected(self._engine) as sql,
            transaction(sql, self._to_read),
        ):
            return work(Tx(sql, self.vault))

    def read_one(self, work: Callable[[Tx], Result]) -> Result:
        """Return what one statement finds; several would see several moments."""
        with _translate_errors(), connected(self._engine) as sql:
            return work(Tx(sql, self.vault))

    def close(self) -> None:
        """Return once everything handed in is written and all files are closed."""
        if self._writer:
            self._writer.close()
        self._engine.dispose()
        if self._process_lock:
            self._process_lock.close()

    def _open(self) -> None:
        migrate(self._engine)
        if self._engine.dialect.name != "sqlite":
            return
        self._writer = Writer(self._engine, self.vault)
        self._process_lock = ProcessLock(Path(str(self._engine.url.database)))
        if self._process_lock.alone:
            self.write(lambda tx: leases.reclaim_leases(tx, now()))
            self._process_lock.downgrade()

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


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Turn the database's trouble into ours, without the values of a statement."""
    try:
        yield
    except TROUBLE as error:
        text = str(getattr(error, "orig", error)).split("\n")[0]  # values come later
        raise StoreUnavailable(f"{type(error).__name__}: {text}") from None
