"""What many locks with many open bookings cost, beside few: what changes should count.

A thousand locks of one connection, each with a hundred bookings to come, against forty
with one each; one process serves and works. `BENCH_LOCKS` sets the number of locks.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import ExitStack
from statistics import median
from typing import TYPE_CHECKING, Final

from loadtests.bench.client import drive
from loadtests.bench.measure import ROUNDS, Goal, OthersMonitor, ratio
from loadtests.bench.servers import folder
from loadtests.bench.stored import grow
from loadtests.bench.subject import RESOURCES, Subject, vendor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from loadtests.bench.measure import Row
    from loadtests.bench.servers import Server

LOCKS: Final = int(os.environ.get("BENCH_LOCKS", "1000"))
EACH_LOCK: Final = 100
"""Open bookings of each lock."""

STORED: Final = f"{LOCKS:,} locks, {LOCKS * EACH_LOCK:,} open bookings"
FLAT: Final = 1.2
IDLE_GOAL: Final = 0.6
"""Seconds: a hundredth of one core."""

IDLE_SECONDS: Final = 20
MINUTE: Final = 60
EACH: Final = 200
"""Bookings a turn."""


class Portfolio:
    """A service with so many locks, each with so many open bookings."""

    def __init__(self, home: Path, locks: int, bookings: int) -> None:
        home.mkdir()
        self._locks, self._bookings = locks, bookings
        self.subject = Subject(home, resources=locks)

    def start(self, running: ExitStack, lock: Server) -> None:
        """Fill the store, and serve until `running` ends."""
        with self.subject.running(lock.port):
            drive(self.subject.port, self.subject.bookings(self._locks))
            self.subject.wait_until_done()
        if self._bookings > 1:
            grow(self.subject.database, self._bookings - 1)
        running.enter_context(self.subject.server)
        self.subject.wait_until_done()

    def idle(self) -> float:
        """Return the processor seconds of a minute in which nothing happens."""
        spent = self.subject.server.cpu_seconds
        threading.Event().wait(IDLE_SECONDS)
        return (self.subject.server.cpu_seconds - spent) * MINUTE / IDLE_SECONDS

    def event(self) -> float:
        """Return the processor seconds of one booking, webhook to code."""
        spent = self.subject.server.cpu_seconds
        drive(self.subject.port, self.subject.bookings(EACH))
        self.subject.wait_until_done()
        return (self.subject.server.cpu_seconds - spent) / EACH

    def outage(self, lock: Server) -> float:
        """Return the processor seconds of one booking that meets a vendor's outage."""
        lock.end(signal.SIGTERM)
        spent = self.subject.server.cpu_seconds
        drive(self.subject.port, self.subject.bookings(EACH))
        lock.start()
        self.subject.wait_until_done()
        return (self.subject.server.cpu_seconds - spent) / EACH


def measure() -> Iterator[Row]:
    """Yield a row each for an idle minute, an event, and an outage with its end."""
    with folder() as home, ExitStack() as running:
        lock = running.enter_context(vendor(0, LOCKS))
        few = Portfolio(home / "few", RESOURCES, 1)
        many = Portfolio(home / "many", LOCKS, EACH_LOCK)
        for each in (few, many):
            each.start(running, lock)
        yield _idle(few, many)
        yield _row("one booking", Portfolio.event, few, many)
        yield _row("one booking in an outage", lambda one: one.outage(lock), few, many)


def _idle(few: Portfolio, many: Portfolio) -> Row:
    """Return what a minute costs in which nothing happens, in seconds."""
    with OthersMonitor() as monitor:
        small, large = few.idle(), many.idle()
    goal = Goal(f"CPU of an idle minute with {STORED}", IDLE_GOAL, "s", at_most=True)
    return goal.row(large, f"with few {small:.2f} s", others=monitor.others)


def _row(
    what: str, cost: Callable[[Portfolio], float], few: Portfolio, many: Portfolio
) -> Row:
    """Return what something costs with many, against few."""
    with OthersMonitor() as monitor:
        turns = [(cost(few), cost(many)) for _ in range(ROUNDS)]
    small, large = ([turn[n] for turn in turns] for n in (0, 1))
    detail = f"{median(large) * 1e3:,.1f} ms, with few {median(small) * 1e3:,.1f} ms"
    goal = Goal(f"CPU of {what} with {STORED}", FLAT, at_most=True)
    return goal.row(ratio(large, small), detail, others=monitor.others)
