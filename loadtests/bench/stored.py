"""Databases with many rows: a few real bookings, copied many times.

Invariants: it names columns by what they are (an id, an instant of the booking) and
reads the rest from the tables, so the copies are complete. They are an hour apart,
since no lock has many codes for one hour.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES: Final = ("bookings", "events", "accesses", "messages")
NAMES: Final = {
    "id",
    "ref",
    "event_id",
    "booking_ref",
    "name",
    "pin_fingerprint",
    "fingerprint",
}
"""Columns that say which one it is; a copy's end in its number."""

TIMES: Final = {"start_at", "end_at", "valid_from", "valid_until"} | {
    "first_use_by",
    "send_at",
    "due_at",
}
"""Columns that move with the booking."""

USER: Final = "nobody"
"""Who runs the server where we are root, which it refuses."""


def grow(database_url: str, copies: int) -> None:
    """Copy every booking, with all that belongs to it, so many times."""
    lite = database_url.startswith("sqlite")
    opened: Any = (
        sqlite3.connect(database_url.removeprefix("sqlite:///"))
        if lite
        else psycopg.connect(database_url)
    )
    with contextlib.closing(opened) as database:
        for table in TABLES:
            cursor = database.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608
            columns = [each[0] for each in cursor.description]
            database.execute(_copying(table, columns, copies, lite=lite))
        database.commit()
        database.execute("ANALYZE")
        database.commit()


def _copying(table: str, columns: list[str], copies: int, *, lite: bool) -> str:
    values = ", ".join(_copied(column, table, lite=lite) for column in columns)
    numbers = f"SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < {copies}"  # noqa: S608
    return (
        f"WITH RECURSIVE copies(n) AS ({numbers}) "  # noqa: S608 - our own words
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"SELECT {values} FROM {table}, copies"
    )


def _copied(column: str, table: str, *, lite: bool) -> str:
    if column in NAMES and not (table == "accesses" and column == "ref"):
        return f"{column} || '-' || n"
    if column not in TIMES:
        return column
    if lite:
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', {column}, n || ' hours')"
    return f"{column} + n * interval '1 hour'"


@dataclass(frozen=True)
class Postgresql:
    """A server of our own: its socket's folder, and its first process."""

    home: str
    root: int

    def database(self, name: str) -> str:
        """Return the URL of a new database."""
        with psycopg.connect(self._url("postgres"), autocommit=True) as line:
            line.execute(f"CREATE DATABASE {name}")
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"postgresql://bench@/{name}?host={self.home}"


@contextlib.contextmanager
def postgresql() -> Iterator[Postgresql | None]:
    """Yield a server that runs meanwhile; None where its programs are not there."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        yield None
        return
    owner = USER if os.getuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="strikeplate-bench-") as home:
        if owner:
            shutil.chown(home, owner)
        data = Path(home, "data")

        def run(program: str, *words: object) -> None:
            subprocess.run(  # noqa: S603 - the server's own programs
                [found[-1] / program, *map(str, words)],
                check=True,
                user=owner,
                cwd="/",
                stdout=subprocess.DEVNULL,
            )

        run("initdb", "-D", data, "-U", "bench", "-A", "trust")
        options = f"-c listen_addresses= -c max_connections=90 -k {home}"
        run("pg_ctl", "-D", data, "-w", "-o", options, "-l", f"{home}/log", "start")
        try:
            root = int((data / "postmaster.pid").read_text().split()[0])
            yield Postgresql(home, root)
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
