"""The accept path: from the webhook to 202, the event durable in between."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import repeat
from typing import TYPE_CHECKING

from loadtests.bench.baselines.endpoint import SECRET
from loadtests.bench.client import written
from loadtests.bench.measure import (
    Goal,
    OthersMonitor,
    alternate,
    compare,
    load,
    middle,
    ratio,
)
from loadtests.bench.servers import baseline_server, folder
from loadtests.bench.subject import Subject, vendor
from strikeplate.platforms.signatures import signed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from loadtests.bench.measure import Row, Sample

ACCEPT = Goal("accept a signed event durably, vs a trivial POST", 0.45)
PLAIN = Goal("accept a signed event durably, vs the plain way to write it")
WORST = Goal("worst answer while workers write", 100, "ms", at_most=True)
BUSY = Goal("accept rate while a vendor takes 50 ms, vs without work", 0.85)

SECONDS = 1.5
SIGNED_AT = datetime(2026, 1, 1, tzinfo=UTC)
MOST = 20_000
"""More than any server here accepts within the seconds."""


def measure() -> Iterator[Row]:
    """Yield the rows."""
    with folder() as home:
        yield from _against_baselines(home)
    with folder() as home:
        yield from _while_working(home)


def _against_baselines(home: Path) -> Iterator[Row]:
    subject = Subject(home, workers=0)
    with (
        baseline_server(home) as plain,
        vendor(0) as lock,
        subject.running(lock.port) as ours,
    ):
        body = ours.bookings(1)[0].partition(b"\r\n\r\n")[2]
        trivial = written("POST", "/trivial", body)
        numbers = iter(range(10**9))
        with OthersMonitor() as monitor:
            taken = alternate(
                {
                    "trivial": lambda: load(plain, repeat(trivial), SECONDS),
                    "plain": lambda: load(plain, _signed(numbers, body), SECONDS),
                    "ours": lambda: accept(ours),
                }
            )
    for goal, name in ((ACCEPT, "trivial"), (PLAIN, "plain")):
        yield compare(goal, taken["ours"], taken[name], name, monitor.others)


def _while_working(home: Path) -> Iterator[Row]:
    """Take turns with a service that has no workers; who waits stands still."""
    (home / "idle").mkdir()
    (home / "busy").mkdir()
    with (
        vendor(50) as lock,
        Subject(home / "idle", workers=0).running(lock.port) as idle,
        Subject(home / "busy").running(lock.port) as busy,
    ):

        def turn(mine: Subject, other: Subject) -> Sample:
            other.server.pause()
            try:
                return accept(mine)
            finally:
                other.server.resume()

        with OthersMonitor() as monitor:
            taken = alternate(
                {"idle": lambda: turn(idle, busy), "busy": lambda: turn(busy, idle)}
            )
    mine, alone = middle(taken["busy"]), middle(taken["idle"])
    yield BUSY.row(
        ratio(
            (each.rate for each in taken["busy"]), (each.rate for each in taken["idle"])
        ),
        f"{mine}; without work {alone}",
        others=monitor.others,
    )
    worst = sorted(each.worst_ms for each in taken["busy"])
    yield WORST.row(
        worst[len(worst) // 2],
        "the worst of each turn: " + ", ".join(f"{each:.0f}" for each in worst),
        others=monitor.others,
    )


def accept(ours: Subject) -> Sample:
    """Return what the service made of bookings that are new to it."""
    return load(ours.server, ours.bookings(MOST), SECONDS)


def _signed(numbers: Iterator[int], body: bytes) -> list[bytes]:
    requests = []
    for _ in range(MOST):
        headers = signed(SECRET, f"evt_{next(numbers)}", body, SIGNED_AT)
        requests.append(written("POST", "/signed", body, headers))
    return requests
