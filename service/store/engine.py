"""Opens the database that an URL names: SQLite in a file, or PostgreSQL.

Invariants: every transaction begins as a writer or as a reader on purpose. The drivers
would begin some behind the caller's back; they are told not to, and ``BEGIN`` is sent
from here.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from service.store.sql import Sql

if TYPE_CHECKING:
    from collections.abc import Iterator
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


TO_WRITE: Final = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}
TO_READ: Final = {
    "sqlite": "BEGIN",  # whose readers see one moment by themselves
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ",
}


def open_engine(database_url: str) -> Engine:
    """Return an engine for the URL; nothing is read or written yet."""
    url = _parsed(database_url)
    engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def connected(engine: Engine) -> Iterator[Sql]:
    """Yield a connection, on which each statement is a transaction of its own."""
    fairy = engine.raw_connection()
    try:
        yield Sql(fairy.driver_connection, engine.dialect)
    finally:
        fairy.close()


@contextmanager
def transaction(sql: Sql, begin: str) -> Iterator[None]:
    """Do what is done meanwhile in one transaction; all of it or nothing."""
    sql.run(begin)
    try:
        yield
        sql.run("COMMIT")
    except BaseException:
        with suppress(DBAPIError):  # it may be over already, or the server gone
            sql.run("ROLLBACK")
        raise


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
        pool_use_lifo=True,  # few connections, and few caches of pages, stay warm
        hide_parameters=True,
        json_serializer=_json,
        json_deserializer=from_json,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=THREADS,
        pool_reset_on_return=None,
        pool_use_lifo=True,
        pool_pre_ping=True,
        hide_parameters=True,
        json_serializer=_json,
        json_deserializer=from_json,
    )
    event.listen(engine, "connect", _leave_beginning_to_us)
    return engine


def _json(value: object) -> str:
    return to_json(value).decode()


def _prepare(driver: SqliteConnection, _record: object) -> None:
    driver.isolation_level = None
    for pragma in _PRAGMAS:
        driver.execute(pragma)


def _leave_beginning_to_us(driver: Any, _record: object) -> None:  # psycopg's
    driver.autocommit = True


def _begin(sql: Connection) -> None:
    """Begin what SQLAlchemy runs itself, which is migrations, as a writer."""
    Sql(sql.connection.driver_connection, sql.dialect).run(TO_WRITE[sql.dialect.name])
