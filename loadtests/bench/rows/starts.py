"""The start, and the memory: from the command to the first 200, and what it takes."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from loadtests.bench.measure import ROUNDS, Goal, OthersMonitor
from loadtests.bench.servers import baseline_server, fakes, folder
from loadtests.bench.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from loadtests.bench.measure import Row
    from loadtests.bench.servers import Server

SERVICE = Goal("service: start to first 200, store in place", 1, "s", at_most=True)
FAKES = Goal("fakes: start to first 200", 1, "s", at_most=True)
BASELINE = Goal(
    "baseline: a Flask app of three endpoints, start to first 200", None, "s"
)


def measure() -> Iterator[Row]:
    """Yield the rows; a first start makes the store, and compiles what is not yet."""
    with folder() as home:
        yield _row(SERVICE, lambda: Subject(home).server)
    yield _row(FAKES, fakes)
    with folder() as home:
        yield _row(BASELINE, lambda: baseline_server(home))


def _row(goal: Goal, make: Callable[[], Server]) -> Row:
    _start(make)
    with OthersMonitor() as monitor:
        taken = [_start(make) for _ in range(ROUNDS)]
    seconds = ", ".join(f"{each[0]:.2f}" for each in taken)
    memory = median(each[1] for each in taken)
    cpu = median(each[2] for each in taken)
    return goal.row(
        median(each[0] for each in taken),
        f"{seconds} s; {cpu:.2f} s CPU; {memory:.0f} MB then",
        others=monitor.others,
    )


def _start(make: Callable[[], Server]) -> tuple[float, float, float]:
    with make() as server:
        return server.started_in, server.memory_mb, server.cpu_seconds
