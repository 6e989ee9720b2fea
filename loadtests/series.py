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

from loadtests.figures import distribution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from loadtests.monitor import Sample
    from loadtests.result import Result
    from loadtests.senders import DeliveryResult

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
    width, samples = _width(result), result.samples
    took = ((s.wanted, s.seconds) for s in result.delivery_results if s.accepted)
    to_code = tuple(_to_code(result, each, width) for each in result.info.vendors)
    work = Line("work", _sampled(samples, lambda sample: sample.work))
    return [
        Chart(*ANSWERS, "s", _percentiles(took, width)),
        Chart(*EVENTS, "1/s", _events(result.delivery_results, width)),
        Chart(*TO_CODE, "s", to_code),
        Chart(*BACKLOG, "", (work,)),
        Chart(*CALLS, "1/s", _calls(samples[:: ceil(len(samples) / BUCKETS) or 1])),
        Chart(*MEMORY, "MB", _memory(samples)),
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
    longest = max([result.info.seconds, *(s.wanted for s in result.delivery_results)])
    return next((step for step in STEPS if longest / step <= BUCKETS), STEPS[-1])


def _percentiles(pairs: Iterable[Point], width: float) -> tuple[Line, ...]:
    buckets: dict[float, list[float]] = defaultdict(list)
    for at, seconds in pairs:
        buckets[at // width * width].append(seconds)
    found = [(at, distribution(group)) for at, group in sorted(buckets.items())]
    return tuple(
        Line(name, tuple((at, getattr(each, field)) for at, each in found if each))
        for name, field in (
            ("half", "p50"),
            ("95 of 100", "p95"),
            ("99 of 100", "p99"),
            ("slowest", "slowest"),
        )
    )


def _events(
    delivery_results: Sequence[DeliveryResult], width: float
) -> tuple[Line, ...]:
    return (
        _rate(
            "due",
            (each.wanted for each in delivery_results if each.attempt == 1),
            width,
        ),
        _rate("told", (each.sent for each in delivery_results), width),
        _rate(
            "not taken",
            (each.sent for each in delivery_results if not each.accepted),
            width,
        ),
    )


def _rate(name: str, moments: Iterable[float], width: float) -> Line:
    count_hazards = Counter(at // width * width for at in moments)
    if not count_hazards:
        return Line(name, ())
    steps = int((max(count_hazards) - min(count_hazards)) / width) + 1
    every = (min(count_hazards) + step * width for step in range(steps))
    return Line(name, tuple((at, count_hazards[at] / width) for at in every))


def _to_code(result: Result, vendor: str, width: float) -> Line:
    timings = (timing for timing in result.timings if timing.vendor == vendor)
    timed = ((w.due, max(w.to_code, 0.0)) for w in timings if w.to_code is not None)
    line = _percentiles(timed, width)[1]
    return Line(vendor, line.points)


def _sampled(
    samples: Sequence[Sample], of: Callable[[Sample], float | None]
) -> tuple[Point, ...]:
    delivery_results = ((sample.second, of(sample)) for sample in samples)
    return tuple(
        (at, float(value)) for at, value in delivery_results if value is not None
    )


def _calls(samples: Sequence[Sample]) -> tuple[Line, ...]:
    names = sorted({name for sample in samples for name in sample.calls})
    return tuple(Line(name, tuple(_growing(samples, name))) for name in names)


def _growing(samples: Sequence[Sample], name: str) -> Iterable[Point]:
    for before, after in pairwise(samples):
        elapsed = after.second - before.second
        more = after.calls.get(name, 0) - before.calls.get(name, 0)
        if elapsed > 0:
            yield after.second, more / elapsed


def _memory(samples: Sequence[Sample]) -> tuple[Line, ...]:
    names = sorted({name for sample in samples for name in sample.memory})
    return tuple(
        Line(name, tuple((sample.second, sample.memory[name]) for sample in samples))
        for name in names
    )
