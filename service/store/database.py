"""The database: opened by its URL, brought to the present schema, used in transactions.

SQLite keeps one file, PostgreSQL serves any number of processes. From top to bottom:
the engine, a connection of the driver (`Sql`) and what it knows, a transaction (`Tx`),
the column types, the record classes, and the migration.

Invariants: every transaction says at its `BEGIN` whether it reads or writes; the
drivers are told to begin none by themselves. SQLAlchemy keeps the connections and
compiles statements, the driver runs them. Errors are SQLAlchemy's, without values.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final, TypeVar, dataclass_transform

import sqlalchemy as sa
from pydantic_core import from_json, to_json
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.types import TypeDecorator

from service.store import migrations
from service.store.migrations import HEAD, STEPS
from service.store.vault import Vault

BUSY_SECONDS: Final = 5
"""How long a writer waits for a writer of another process."""

THREADS: Final = 64
"""Connections to SQLite kept open: serving threads and worker threads together."""

POSTGRESQL_CONNECTIONS: Final = 20
"""Connections of one process at most: PostgreSQL takes 100 from all of them, unless set
otherwise."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)


class DatabaseUrlError(ValueError):
    """The URL names no database that this service can use; says what to write."""


TO_WRITE: Final = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}
TO_READ: Final = {
    "sqlite": "BEGIN",  # whose readers see one moment by themselves
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ",
}


def open_engine(
    database_url: str, connections: int = POSTGRESQL_CONNECTIONS
) -> sa.Engine:
    """Return an engine for the URL; nothing is read or written yet.

    PostgreSQL is given so many `connections` at most; who finds none free waits
    `BUSY_SECONDS`.
    """
    url = _parsed(database_url)
    sqlite = url.get_backend_name() == "sqlite"
    engine = _sqlite(url) if sqlite else _postgresql(url, connections)
    sa.event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def connected(engine: sa.Engine) -> Iterator[Sql]:
    """Yield a connection; outside `transaction` each statement commits by itself."""
    try:
        fairy = engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:  # the driver's own
        raise _wrapped(engine.dialect, error) from None
    try:
        yield Sql(fairy.driver_connection, engine.dialect)
    finally:
        fairy.close()


@contextmanager
def transaction(sql: Sql, begin: str) -> Iterator[None]:
    """Run the block in one transaction: all of it is stored, or nothing."""
    sql.run(begin)
    sql.known.follow(_version(sql))
    try:
        yield
        sql.run("COMMIT")
    except BaseException:
        sql.known.forget()
        with suppress(DBAPIError):  # it may be over already, or the server gone
            sql.run("ROLLBACK")
        raise


def _version(sql: Sql) -> object:
    """Return what another connection's commit changes; None where nothing tells it."""
    if sql.dialect.name != "sqlite":
        return None
    return sql.run("PRAGMA data_version").fetchone()


def _parsed(database_url: str) -> URL:
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise DatabaseUrlError(
            "the database's URL cannot be read; "
            "write sqlite:///strikeplate.db or postgresql://user@host/name"
        ) from None
    match url.get_backend_name():
        case "postgresql":
            return url.set(drivername="postgresql+psycopg")
        case "sqlite" if url.database not in (None, "", ":memory:"):
            return url
        case "sqlite":
            raise DatabaseUrlError(
                "the database's URL names no file, and what is kept in memory is "
                "lost in a crash; write sqlite:///strikeplate.db"
            )
        case other:
            raise DatabaseUrlError(
                f"the database's URL names {other!r}; "
                "write sqlite:///strikeplate.db or postgresql://user@host/name"
            )


def _sqlite(url: URL) -> sa.Engine:
    engine = sa.create_engine(
        url,
        **_OF_BOTH,
        pool_size=THREADS,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _prepare)
    return engine


def _postgresql(url: URL, connections: int) -> sa.Engine:
    waits = url.query.get("connect_timeout", str(BUSY_SECONDS))
    engine = sa.create_engine(
        url,
        **_OF_BOTH,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        connect_args={"connect_timeout": waits},
        pool_pre_ping=True,
    )
    sa.event.listen(engine, "connect", _leave_beginning_to_us)
    return engine


_OF_BOTH: Final[Mapping[str, Any]] = {  # as `create_engine` declares them
    "pool_reset_on_return": None,  # `transaction` has ended it already
    "pool_use_lifo": True,  # so that few page caches have to stay warm
    "hide_parameters": True,
    "json_serializer": lambda value: to_json(value).decode(),
    "json_deserializer": from_json,
}


def _prepare(driver: SqliteConnection, _record: object) -> None:
    driver.isolation_level = None
    for pragma in _PRAGMAS:
        driver.execute(pragma)


def _leave_beginning_to_us(driver: Any, _record: object) -> None:  # psycopg's
    driver.autocommit = True


def _begin(sql: sa.Connection) -> None:
    """Begin a transaction that SQLAlchemy runs itself, a migration, as a writer."""
    Sql(sql.connection.driver_connection, sql.dialect).run(TO_WRITE[sql.dialect.name])


Thing = TypeVar("Thing")

MOST: Final = 4096
"""How many answers about one table are kept; one more, and they are read anew."""


class ReadCache:
    """What one connection has read and nobody has written since, by table and question.

    It outlives a transaction while the database is at the same version: another's
    commit changes it, which SQLite counts. PostgreSQL counts none, so there each
    transaction begins with nothing.
    """

    def __init__(self) -> None:
        self._answers: dict[object, dict[Hashable, Any]] = {}
        self._version: object = None

    def follow(self, version: object) -> None:
        """Forget all unless the database is still at that version; None is unknown."""
        if version is None or version != self._version:
            self._answers.clear()
        self._version = version

    def get(self, table: object, asked: Hashable, read: Callable[[], Thing]) -> Thing:
        """Return the answer about the table, read now unless it is known."""
        known = self._answers.setdefault(table, {})
        if asked not in known:
            if len(known) >= MOST:
                known.clear()
            known[asked] = read()
        found: Thing = known[asked]
        return found

    def forget(self, table: object | None = None) -> None:
        """Forget the answers about the table, which is written; without one, all."""
        if table is None:
            self._answers.clear()
        else:
            self._answers.pop(table, None)


@dataclass(frozen=True, slots=True)
class Sql:
    """Runs SQL; `driver` is the connection of sqlite3 or psycopg.

    `known` is what it has read and nobody has written since.
    """

    driver: Any  # what both have in common has no type
    dialect: Dialect
    known: ReadCache = field(default_factory=ReadCache)

    def run(self, statement: str, values: object = ()) -> Any:
        """Return the driver's cursor; an error is SQLAlchemy's."""
        try:
            return self.driver.execute(statement, values)
        except self.dialect.loaded_dbapi.Error as error:
            raise _wrapped(self.dialect, error) from None

    def run_many(self, statement: str, rows: Sequence[object]) -> None:
        """Run the statement once for each row of values."""
        try:
            self.driver.cursor().executemany(statement, rows)
        except self.dialect.loaded_dbapi.Error as error:
            raise _wrapped(self.dialect, error) from None


def _wrapped(dialect: Dialect, error: Exception) -> BaseException:
    """Return the driver's error as SQLAlchemy's, which holds no values."""
    kind = dialect.loaded_dbapi.Error
    return DBAPIError.instance(
        None, None, error, kind, hide_parameters=True, dialect=dialect
    )


def is_conflict(error: Exception) -> bool:
    """Return whether PostgreSQL undid this so that another transaction can go on."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return str(state).startswith("40")  # deadlocks, and what is not in order


OFFSET: Final = "+00:00"
"""How the offset of UTC is written, which SQLite's digits leave out."""


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC; PostgreSQL keeps the zone, SQLite the UTC digits."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """Return the conversion of an instant to what the database stores."""
        return _digits if dialect.name == "sqlite" else _in_utc

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], Any]:
        """Return the conversion of what the database stored to an instant in UTC."""
        del coltype  # it is always the same
        return _instant if dialect.name == "sqlite" else _in_utc


def where_in(
    column: sa.Column[Any], values: Iterable[object]
) -> sa.ColumnElement[bool]:
    """Return the condition that the column holds one of these values."""
    return sa.or_(sa.false(), *(column == value for value in values))


def has_names(names: sa.Column[list[str]]) -> sa.ColumnElement[bool]:
    """Return the condition that a list has entries, written as the index has it."""
    return sa.cast(names, sa.Text) != sa.literal_column("'[]'")


def _in_utc(value: datetime | None) -> datetime | None:
    """Return the instant in UTC; a naive one is refused."""
    if value is None or value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        msg = f"{value.isoformat()} has no zone; store aware instants only"
        raise ValueError(msg)
    return value.astimezone(UTC)


def _digits(value: datetime | None) -> str | None:
    """Return the instant's digits in UTC, all of one length so that they compare."""
    in_utc = _in_utc(value)
    if in_utc is None:
        return None
    return in_utc.isoformat(" ", "microseconds")[: -len(OFFSET)]


def _instant(digits: str | None) -> datetime | None:
    return None if digits is None else datetime.fromisoformat(digits + OFFSET)


Record = TypeVar("Record")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(fields: type[Record]) -> type[Record]:
    """Return a slotted dataclass that type checkers treat as frozen."""
    # frozen=True makes filling a record ten times slower, which every code pays for
    return dataclass(slots=True)(fields)


@dataclass(frozen=True, slots=True)
class Tx:
    """A transaction: where to run statements, and the vault for sealed columns."""

    sql: Sql
    vault: Vault

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the block did, and nothing else, if it raises."""
        self.sql.run("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self.sql.run("ROLLBACK TO SAVEPOINT part")
            self.sql.known.forget()
            raise
        finally:
            self.sql.run("RELEASE SAVEPOINT part")


ADVISORY_LOCK: Final = 0x5354_5249_4B45
"""Any number, the same in every process of this service."""


def migrate(engine: sa.Engine, check: Callable[[sa.Connection], None]) -> None:
    """Bring the schema up to date and check it, in one transaction and under a lock.

    Processes that start together do it once; a crash leaves the database as it was.
    """
    with engine.begin() as sql:
        if sql.dialect.name == "postgresql":
            sql.execute(
                sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK}
            )
        if not _is_present(sql):
            _upgrade(sql)
        check(sql)


def _is_present(sql: sa.Connection) -> bool:
    if not sa.inspect(sql).has_table("alembic_version"):
        return False
    found = sql.scalar(sa.text("SELECT version_num FROM alembic_version"))
    if found not in STEPS:
        raise DatabaseUrlError(
            f"the database is of version {found!r}, this service of {HEAD!r}; start "
            "the newer service, or name another database in STRIKEPLATE_DATABASE_URL"
        )
    return bool(found == HEAD)


def _upgrade(sql: sa.Connection) -> None:
    """Run the missing steps."""
    # Alembic takes long to load, so it is loaded only where there is something to do
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    folder = str(Path(migrations.__file__).parent)
    script = ScriptDirectory(folder, version_locations=[folder])

    def steps(revision: Any, _context: object) -> Any:  # of Alembic's own types
        return script._upgrade_revs(HEAD, revision)  # noqa: SLF001 (as its command)

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=sql, transactional_ddl=True)
        environment.run_migrations()
