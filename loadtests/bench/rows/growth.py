"""What a booking costs when many are stored already: it should be what it always was.

One process accepts, another works, on one database; each is looked at by itself while
the other stands still.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from loadtests.bench import machine
from loadtests.bench.client import drive
from loadtests.bench.measure import ROUNDS, Goal, OthersMonitor, ratio
from loadtests.bench.servers import folder
from loadtests.bench.stored import grow, postgresql
from loadtests.bench.subject import RESOURCES, Subject, vendor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from loadtests.bench.measure import Row

SIZES: Final = [int(size) for size in os.environ.get("BENCH_ROWS", "100000").split(",")]
FLAT: Final = 1.2
EACH: Final = 200
"""Bookings a turn."""


class Price(NamedTuple):
    """The processor seconds of one booking, the database server's included."""

    accept: float
    issue: float


class Pair:
    """One process that accepts and one that works, on one database."""

    def __init__(self, home: Path, database: str, server: int | None) -> None:
        self._front = Subject(home, workers=0, database=database)
        self._back = Subject(home, database=database)
        self._server = server
        self._database = database

    def start(self, running: ExitStack, lock_port: int, size: int) -> None:
        """Start both, with that many bookings stored beside a few."""
        with self._front.running(lock_port), self._back.server:
            drive(self._front.port, self._front.bookings(RESOURCES))
            self._front.wait_until_done()
        if size > RESOURCES:
            grow(self._database, size // RESOURCES)
        for each in (self._front, self._back):
            running.enter_context(each.server)
        self._back.server.pause()

    def turn(self) -> Price:
        """Return what bookings cost, first accepted, then carried out."""
        spent = self._spent(self._front)
        drive(self._front.port, self._front.bookings(EACH))
        accept = self._spent(self._front) - spent
        self._back.server.resume()
        spent = self._spent(self._back)
        self._front.wait_until_done()
        issue = self._spent(self._back) - spent
        self._back.server.pause()
        return Price(accept / EACH, issue / EACH)

    def _spent(self, subject: Subject) -> float:
        own = subject.server.cpu_seconds
        return own + (machine.cpu_seconds(self._server) if self._server else 0)


def measure() -> Iterator[Row]:
    """Yield two rows for each size on each database."""
    with folder() as home:
        for size in SIZES:
            yield from _grown("SQLite", home, size, lambda n: f"sqlite:///{home / n}")
    with postgresql() as server, folder() as home:
        if server is not None:
            for size in SIZES:
                name, root = server.database, server.root
                yield from _grown("PostgreSQL", home, size, name, root)


def _grown(
    kind: str,
    home: Path,
    size: int,
    database: Callable[[str], str],
    server: int | None = None,
) -> Iterator[Row]:
    few = Pair(home, database(f"few{size}"), server)
    many = Pair(home, database(f"many{size}"), server)
    with ExitStack() as running:
        lock = running.enter_context(vendor(0))
        few.start(running, lock.port, 0)
        many.start(running, lock.port, size)
        for pair in (few, many):
            pair.turn()
        with OthersMonitor() as monitor:
            turns = [(few.turn(), many.turn()) for _ in range(ROUNDS)]
    for what in Price._fields:
        small, large = ([getattr(turn[n], what) for turn in turns] for n in (0, 1))
        goal = Goal(f"{kind}: CPU to {what} with {size:,} stored", FLAT, at_most=True)
        detail = (
            f"{median(large) * 1e6:,.0f} µs, with few {median(small) * 1e6:,.0f} µs"
        )
        yield goal.row(ratio(large, small), detail, others=monitor.others)
