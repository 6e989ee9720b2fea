"""The whole way: from the webhook to a code that is stored, and the message planned."""

from __future__ import annotations

import subprocess
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from loadtests.bench import machine
from loadtests.bench.client import drive
from loadtests.bench.measure import ROUNDS, Goal, OthersMonitor, ratio
from loadtests.bench.servers import ROOT, folder, module
from loadtests.bench.subject import WORKERS, Subject, calls, seen, vendor, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from loadtests.bench.measure import Row
    from loadtests.bench.servers import Server

SLOW = Goal("codes a second, vendor at 50 ms, N in flight, vs N / 0.05", 0.92)
FAST = Goal("codes a second, vendor at 0 ms, vs a bare loop of the HTTP client", 0.75)
PICK_UP = Goal("idle: webhook to vendor call, p50", 10, "ms", at_most=True)

DELAY_MS = 50
AT_50_MS = 320
AT_ONCE = 400
SINGLE = 40


def measure() -> Iterator[Row]:
    """Yield the rows."""
    with folder() as home:
        yield _slow_vendor(home)
    with folder() as home:
        yield from _quick_vendor(home)


def _slow_vendor(home: Path) -> Row:
    with (
        vendor(DELAY_MS) as lock,
        Subject(home).running(lock.port) as ours,
        OthersMonitor() as monitor,
    ):
        rates = [_steady_rate(ours, lock) for _ in range(ROUNDS)]
    possible = WORKERS / (DELAY_MS / 1000)
    figures = ", ".join(f"{rate:.0f}" for rate in rates)
    return SLOW.row(
        median(rates) / possible,
        f"{figures}/s of {possible:.0f}/s, {WORKERS} in flight",
        others=monitor.others,
    )


def _steady_rate(ours: Subject, lock: Server) -> float:
    """Return the calls a second between the first and the last that was begun."""
    before = calls(lock)
    drive(ours.port, ours.bookings(AT_50_MS))
    wait_for(lock, before + AT_50_MS)
    at = seen(lock)["at"][before:]
    return float((len(at) - 1) / (at[-1] - at[0]))


def _quick_vendor(home: Path) -> Iterator[Row]:
    with vendor(0) as lock, Subject(home).running(lock.port) as ours:
        mine, baseline = [], []
        with OthersMonitor() as monitor:
            _whole(ours, lock)
            for _ in range(ROUNDS):
                mine.append(_whole(ours, lock))
                ours.server.pause()
                baseline.append(_bare(lock))
                ours.server.resume()
        yield FAST.row(
            ratio((1 / each[0] for each in mine), (1 / each[0] for each in baseline)),
            f"{_rates(mine)}; bare loop {_rates(baseline)}",
            cpu=ratio((each[1] for each in baseline), (each[1] for each in mine)),
            others=monitor.others,
        )
        with OthersMonitor() as monitor:
            waits = sorted(_pick_up(ours, lock) for _ in range(SINGLE))
        yield PICK_UP.row(
            median(waits),
            f"p50 {median(waits):.1f}, worst of {SINGLE} {waits[-1]:.1f} ms",
            others=monitor.others,
        )


def _whole(ours: Subject, lock: Server) -> tuple[float, float]:
    """Return the wall and processor seconds of one booking, webhook to stored code."""
    before, spent = calls(lock), ours.server.cpu_seconds
    bookings = ours.bookings(AT_ONCE)
    begun = perf_counter()
    drive(ours.port, bookings)
    wait_for(lock, before + AT_ONCE)
    passed = perf_counter() - begun
    ours.wait_until_done()
    return passed / AT_ONCE, (ours.server.cpu_seconds - spent) / AT_ONCE


def _bare(lock: Server) -> tuple[float, float]:
    figures = subprocess.run(  # noqa: S603 - our own words
        module("loadtests.bench.baselines.client", lock.port, AT_ONCE),
        cwd=ROOT,
        check=True,
        capture_output=True,
        preexec_fn=lambda: machine.pin(machine.SERVER_CORE),
    ).stdout.split()
    return float(figures[0]) / AT_ONCE, float(figures[1]) / AT_ONCE


def _pick_up(ours: Subject, lock: Server) -> float:
    """Return the ms from sending one webhook to the vendor's hearing of it."""
    before = calls(lock)
    booking = ours.bookings(1)
    begun = perf_counter()
    drive(ours.port, booking)
    wait_for(lock, before + 1)
    return float(seen(lock)["at"][-1] - begun) * 1000


def _rates(taken: list[tuple[float, float]]) -> str:
    wall = median(each[0] for each in taken)
    return f"{1 / wall:,.0f}/s, {median(each[1] for each in taken) * 1e6:,.0f} µs CPU"
