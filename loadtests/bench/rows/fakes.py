"""The fakes: what an order for a PIN costs, in a small world and in a large one."""

from __future__ import annotations

import os
from itertools import islice, repeat
from typing import TYPE_CHECKING, Final

from loadtests.bench.client import drive, written
from loadtests.bench.measure import (
    Goal,
    OthersMonitor,
    alternate,
    compare,
    load,
    middle,
    ratio,
)
from loadtests.bench.servers import baseline_server, fakes, folder, world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loadtests.bench.measure import Row

DOORS: Final = int(os.environ.get("BENCH_DOORS", "5000"))
CODES: Final = 10 * DOORS
FEW: Final = 10
SECONDS: Final = 1.5

PIN = Goal("fake: an order for a PIN, vs a trivial POST")
GROWN = Goal(
    f"fake: CPU of an order, {DOORS:,} doors and {CODES:,} codes, vs 10 doors",
    1.2,
    at_most=True,
)
KEPT = Goal("fake: memory for each code that is kept", None, "KB")


def measure() -> Iterator[Row]:
    """Yield the rows."""
    with (
        folder() as home,
        baseline_server(home) as plain,
        fakes() as server,
        world(server, FEW) as small,
    ):
        trivial = written("POST", "/trivial", b'{"id": "x"}')
        with OthersMonitor() as monitor:
            taken = alternate(
                {
                    "baseline": lambda: load(plain, repeat(trivial), SECONDS),
                    "fake": lambda: load(server, small.orders(), SECONDS),
                }
            )
        mine, below = taken["fake"], taken["baseline"]
        yield compare(PIN, mine, below, "trivial", monitor.others)
    yield from _grown()


def _grown() -> Iterator[Row]:
    """Let two worlds of one process take turns; what is in the one is no matter."""
    with fakes() as server, world(server, FEW) as small, world(server, DOORS) as large:
        before = server.memory_mb
        drive(server.port, islice(large.orders(), CODES))
        kept = (server.memory_mb - before) * 1024 / CODES
        with OthersMonitor() as monitor:
            taken = alternate(
                {
                    "small": lambda: load(server, small.orders(), SECONDS),
                    "large": lambda: load(server, large.orders(), SECONDS),
                }
            )
        mine, below = taken["large"], taken["small"]
        yield GROWN.row(
            ratio((each.cpu_us for each in mine), (each.cpu_us for each in below)),
            f"{middle(mine)}; small {middle(below)}",
            others=monitor.others,
        )
        yield KEPT.row(kept, f"{server.memory_mb:.0f} MB with {CODES:,} codes")
