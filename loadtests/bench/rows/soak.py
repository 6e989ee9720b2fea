"""A soak, scaled down: whether memory goes on growing once everything has warmed up.

What is kept on purpose grows by what it is: a fake remembers its codes for as long as
its world lives. Everything else (journals, deliveries, caches) has a bound, and the
slope here, in KB a request, should be about none.
"""

from __future__ import annotations

from statistics import linear_regression
from typing import TYPE_CHECKING, Final

from loadtests.bench.client import drive
from loadtests.bench.measure import Goal
from loadtests.bench.servers import fakes, folder, world
from loadtests.bench.subject import Subject, vendor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from loadtests.bench.measure import Row
    from loadtests.bench.servers import Server

SERVICE = Goal(
    "soak: service, memory a booking, webhook to code", 1, "KB", at_most=True
)
FAKES = Goal("soak: fakes, memory a call that makes nothing", 0.5, "KB", at_most=True)

TURNS: Final = 6
WARM_UP: Final = 3
BOOKINGS: Final = 200
CALLS: Final = 2000


def measure() -> Iterator[Row]:
    """Yield the rows."""
    with folder() as home, vendor(0) as lock, Subject(home).running(lock.port) as ours:

        def book() -> None:
            drive(ours.port, ours.bookings(BOOKINGS))
            ours.wait_until_done()

        yield _slope(SERVICE, ours.server, book, BOOKINGS)
    with fakes() as server, world(server, 10) as small:
        listings = [small.listing()] * CALLS
        yield _slope(FAKES, server, lambda: drive(server.port, listings), CALLS)


def _slope(goal: Goal, server: Server, turn: Callable[[], object], count: int) -> Row:
    for _ in range(WARM_UP):
        turn()
    taken = [server.memory_mb]
    for _ in range(TURNS):
        turn()
        taken.append(server.memory_mb)
    requests = [count * place for place in range(len(taken))]
    slope = linear_regression(requests, taken).slope * 1024
    detail = f"{taken[0]:.1f} MB after {WARM_UP * count:,}, {taken[-1]:.1f} MB after "
    return goal.row(slope, f"{detail}{(WARM_UP + TURNS) * count:,}")
