"""Series: how a run went, second by second, as lines to be drawn. Pure.

Law: what was told is shown at the second at which it was meant to be told, so a stall
stands where it began and not where it ended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

from loadtests.figures import spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from loadtests.result import Result
    from loadtests.senders import Seen
    from loadtests.watch import Look

Point = tuple[float, float]
BUCKETS = 120  # at most, over the whole run
STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 300)


@dataclass(frozen=True)
class Line:
    """One line: its name, and its points by seconds of the run."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Chart:
    """Lines that belong together; `unit` is of the upright axis."""

    title: str
    about: str
    unit: str
    lines: tuple[Line, ...]

    @property
    def drawn(self) -> tuple[Line, ...]:
        """The lines that have anything to show."""
        return tuple(line for line in self.lines if line.points)


def charts(result: Result) -> list[Chart]:
    """Return all charts of a run, in the order of the report."""
    width, looks = _width(result), result.looks
    took = ((s.wanted, s.seconds) for s in result.seen if s.taken)
    to_code = tuple(_to_code(result, each, width) for each in result.course.vendors)
    work = Line("work", _looked(looks, lambda look: look.work))
    return [
        Chart(*ANSWERS, "s", _percentiles(took, width)),
        Chart(*EVENTS, "1/s", _events(result.seen, width)),
        Chart(*TO_CODE, "s", to_code),
        Chart(*BACKLOG, "", (work,)),
        Chart(*CALLS, "1/s", _calls(looks[:: ceil(len(looks) / BUCKETS) or 1])),
        Chart(*MEMORY, "MB", _memory(looks)),
    ]


ANSWERS = (
    "Answers, from the moment an event was due",
    "a stall shows at the second at which it began",
)
EVENTS = ("Events", "meant to be told, told (again where not taken), not taken")
TO_CODE = (
    "Time to code",
    "until the code is at the door, 95 of 100, by when it was due",
)
BACKLOG = ("Backlog", "pieces of work that the subject says are due or under way")
CALLS = (
    "Calls of vendors",
    "as the vendors count them, by the status that the caller saw",
)
MEMORY = ("Memory", "of a process and its children")


def _width(result: Result) -> float:
    """Return how many seconds one point stands for."""
    longest = max([result.course.seconds, *(s.wanted for s in result.seen)])
    return next((step for step in STEPS if longest / step <= BUCKETS), STEPS[-1])


def _percentiles(pairs: Iterable[Point], width: float) -> tuple[Line, ...]:
    buckets: dict[float, list[float]] = defaultdict(list)
    for at, seconds in pairs:
        buckets[at // width * width].append(seconds)
    found = [(at, spread(group)) for at, group in sorted(buckets.items())]
    return tuple(
        Line(name, tuple((at, getattr(each, field)) for at, each in found if each))
        for name, field in (
            ("half", "p50"),
            ("95 of 100", "p95"),
            ("99 of 100", "p99"),
            ("slowest", "most"),
        )
    )


def _events(seen: Sequence[Seen], width: float) -> tuple[Line, ...]:
    return (
        _rate("due", (each.wanted for each in seen if each.attempt == 1), width),
        _rate("told", (each.sent for each in seen), width),
        _rate("not taken", (each.sent for each in seen if not each.taken), width),
    )


def _rate(name: str, moments: Iterable[float], width: float) -> Line:
    counted = Counter(at // width * width for at in moments)
    if not counted:
        return Line(name, ())
    steps = int((max(counted) - min(counted)) / width) + 1
    every = (min(counted) + step * width for step in range(steps))
    return Line(name, tuple((at, counted[at] / width) for at in every))


def _to_code(result: Result, vendor: str, width: float) -> Line:
    ways = (way for way in result.ways if way.vendor == vendor)
    timed = ((w.due, max(w.to_code, 0.0)) for w in ways if w.to_code is not None)
    line = _percentiles(timed, width)[1]
    return Line(vendor, line.points)


def _looked(
    looks: Sequence[Look], of: Callable[[Look], float | None]
) -> tuple[Point, ...]:
    seen = ((look.second, of(look)) for look in looks)
    return tuple((at, float(value)) for at, value in seen if value is not None)


def _calls(looks: Sequence[Look]) -> tuple[Line, ...]:
    names = sorted({name for look in looks for name in look.calls})
    return tuple(Line(name, tuple(_growing(looks, name))) for name in names)


def _growing(looks: Sequence[Look], name: str) -> Iterable[Point]:
    for before, after in pairwise(looks):
        passed = after.second - before.second
        more = after.calls.get(name, 0) - before.calls.get(name, 0)
        if passed > 0:
            yield after.second, more / passed


def _memory(looks: Sequence[Look]) -> tuple[Line, ...]:
    names = sorted({name for look in looks for name in look.memory})
    return tuple(
        Line(name, tuple((look.second, look.memory[name]) for look in looks))
        for name in names
    )
