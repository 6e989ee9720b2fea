"""A crash in the middle: killed without a warning, started again, nothing amiss."""

from __future__ import annotations

import json
import signal
import threading
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Final

from loadtests.bench.client import drive
from loadtests.bench.measure import ROUNDS, Goal, OthersMonitor
from loadtests.bench.servers import folder
from loadtests.bench.subject import Subject, calls, pause, seen, vendor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loadtests.bench.measure import Row

LOST = Goal("kill -9 under load: accepted bookings without a code", 0, "", at_most=True)
DOUBLED = Goal("kill -9 under load: bookings with two codes", 0, "", at_most=True)
WHOLE = Goal("kill -9: from the start to the last code due", 2, "s", at_most=True)

MOST: Final = 5000
KILL_AFTER_SECONDS: Final = 0.4
MADE: Final = 120
LEFT: Final = 40


def measure() -> Iterator[Row]:
    """Yield the rows."""
    with OthersMonitor() as monitor:
        found = [_under_load() for _ in range(ROUNDS)]
        wholes = [_nearly_done() for _ in range(ROUNDS)]
    accepted, lost, doubled, repeated = map(sum, zip(*found, strict=True))
    detail = f"of {accepted} accepted in {ROUNDS} runs; {repeated} calls were repeated"
    yield LOST.row(lost, detail, others=monitor.others)
    yield DOUBLED.row(doubled, detail, others=monitor.others)
    seconds = ", ".join(f"{whole:.2f}" for whole in wholes)
    yield WHOLE.row(
        median(wholes),
        f"{seconds} s, with {LEFT} of {MADE + LEFT} codes due or under way",
        others=monitor.others,
    )


def _under_load() -> tuple[int, int, int, int]:
    """Return accepted, lost, doubled, repeated; killed while it accepts and works."""
    with folder() as home, vendor(5) as lock, Subject(home).running(lock.port) as ours:
        requests = ours.bookings(MOST)
        kill = (ours.server.end, [signal.SIGKILL])
        killing = threading.Timer(KILL_AFTER_SECONDS, *kill)
        killing.start()
        accepted = drive(ours.port, requests).accepted
        killing.join()
        ours.restart()
        ours.wait_until_done()
        pins, made = seen(lock)["pins"], ours.made()
        names = [_booking(request) for request in accepted]
        return (
            len(names),
            sum(name not in made or name not in pins for name in names),
            sum(len(each) > 1 for each in pins.values()),
            calls(lock) - len(pins),
        )


def _nearly_done() -> float:
    """Return the seconds from the start after a crash until nothing is left to do."""
    with folder() as home, vendor(50) as lock, Subject(home).running(lock.port) as ours:
        drive(ours.port, ours.bookings(MADE + LEFT))
        while calls(lock) < MADE:
            pause()
        ours.server.end(signal.SIGKILL)
        begun = perf_counter()
        ours.restart()
        ours.wait_until_done()
        return perf_counter() - begun


def _booking(request: bytes) -> str:
    body = json.loads(request.partition(b"\r\n\r\n")[2])
    return str(body["booking"]["id"])
