"""The accept path: from the webhook to 202, the event durable in between."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import repeat
from typing import TYPE_CHECKING

from loadtests.bench.client import written
from loadtests.bench.floors.endpoint import SECRET
from loadtests.bench.measure import Goal, Watch, alternate, load, middle, ratio
from loadtests.bench.process import floor, folder
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
        yield from _against_floors(home)
    with folder() as home:
        yield from _while_working(home)


def _against_floors(home: Path) -> Iterator[Row]:
    subject = Subject(home, workers=0)
    with floor(home) as plain, vendor(0) as lock, subject.running(lock.port) as ours:
        body = ours.bookings(1)[0].partition(b"\r\n\r\n")[2]
        trivial = written("POST", "/trivial", body)
        numbers = iter(range(10**9))
        with Watch() as watch:
            taken = alternate(
                {
                    "trivial": lambda: load(plain, repeat(trivial), SECONDS),
                    "plain": lambda: load(plain, _signed(numbers, body), SECONDS),
                    "ours": lambda: accept(ours),
                }
            )
    mine, told = taken["ours"], {name: middle(each) for name, each in taken.items()}
    for goal, name in ((ACCEPT, "trivial"), (PLAIN, "plain")):
        yield goal.row(
            ratio((each.rate for each in mine), (each.rate for each in taken[name])),
            f"{told['ours']}; {name} {told[name]}",
            cpu=ratio(
                (each.cpu_us for each in taken[name]), (each.cpu_us for each in mine)
            ),
            others=watch.others,
        )


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

        with Watch() as watch:
            taken = alternate(
                {"idle": lambda: turn(idle, busy), "busy": lambda: turn(busy, idle)}
            )
    mine, alone = middle(taken["busy"]), middle(taken["idle"])
    yield BUSY.row(
        ratio(
            (each.rate for each in taken["busy"]), (each.rate for each in taken["idle"])
        ),
        f"{mine}; without work {alone}",
        others=watch.others,
    )
    worst = sorted(each.worst_ms for each in taken["busy"])
    yield WORST.row(
        worst[len(worst) // 2],
        "the worst of each turn: " + ", ".join(f"{each:.0f}" for each in worst),
        others=watch.others,
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
