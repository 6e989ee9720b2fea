"""Opens the database that an URL names: SQLite in a file, or PostgreSQL.

Law: every transaction on SQLite begins as a writer or as a reader on purpose.
Python's sqlite3 driver begins transactions behind the caller's back; it is told
not to, and ``BEGIN`` is sent from here.
"""

from __future__ import annotations

from sqlite3 import OperationalError as DriverError
from typing import TYPE_CHECKING
from typing import Final
from typing import cast

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from sqlite3 import Connection as SqliteConnection

BUSY_SECONDS: Final = 5
"""How long a writer waits for a writer of another process."""

THREADS: Final = 64
"""Connections kept open at most: serving threads and worker threads together."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)


class DatabaseUrlError(ValueError):
    """The database's URL names nothing that this service can keep its records in."""


def open_engine(database_url: str) -> Engine:
    """Return an engine for the URL; nothing is read or written yet."""
    url = _parsed(database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    return create_engine(
        url, pool_size=THREADS, pool_pre_ping=True, hide_parameters=True
    )


def run(sql: Connection, words: str) -> None:
    """Run a word of transaction control on the SQLite driver itself."""
    driver = cast("SqliteConnection", sql.connection.driver_connection)
    try:
        driver.execute(words)
    except DriverError as error:
        raise OperationalError(words, None, error) from None


def snapshots(engine: Engine) -> Engine:
    """Return the engine for readers: each transaction sees one moment.

    SQLite's readers do so by themselves.
    """
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def glances(engine: Engine) -> Engine:
    """Return the engine for single statements, which need no transaction around."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(alone=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


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


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=THREADS,
        pool_reset_on_return=None,  # every transaction here ends by itself
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(driver: SqliteConnection, _record: object) -> None:
    driver.isolation_level = None
    for pragma in _PRAGMAS:
        driver.execute(pragma)


def _begin(sql: Connection) -> None:
    options = sql.get_execution_options()
    if not options.get("alone"):
        run(sql, "BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")
