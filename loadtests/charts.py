"""The charts of a run: their lines, drawn as strips, and the figures behind them.

Each line has a strip of its own, so none hides another. A colour means a vendor or, in
red, what went wrong; all other lines are grey. Names, units and times are text of the
page, not of the drawing, so they stay legible on a phone. Where the pointer is, a strip
says its time and value; the table behind the chart has all of them.

Invariants: pure. An event is drawn at the second at which it was due, so a stall shows
where it began.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from markupsafe import Markup

from loadtests.result import distribution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from loadtests.monitor import Sample
    from loadtests.result import Result
    from loadtests.sending import DeliveryResult

Point = tuple[float, float]
Band = tuple[float, float]
BUCKETS = 60  # at most, over the whole run
STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 300)
REFUSED = 400
"""From this status on an answer is drawn as one that went wrong."""


@dataclass(frozen=True)
class Line:
    """One line of a chart: name and points (second of the run, value).

    `vendor` is whose it is, if it is of one; `bad` marks what went wrong.
    """

    name: str
    points: tuple[Point, ...]
    vendor: str = ""
    bad: bool = False

    @property
    def peak(self) -> float:
        """Its highest value."""
        return max((value for _, value in self.points), default=0.0)


@dataclass(frozen=True)
class Chart:
    """A chart of several lines in one unit; `shared` if all are drawn to one scale.

    `until` is the last second that is drawn, the same for all charts of a run.
    """

    title: str
    about: str
    unit: str
    lines: tuple[Line, ...]
    shared: bool = False
    until: float = 1.0

    @property
    def drawn(self) -> tuple[Line, ...]:
        """The lines that have points."""
        return tuple(line for line in self.lines if line.points)

    def top(self, line: Line) -> float:
        """Return the value at the upper edge of the strip of a line."""
        lines = self.drawn if self.shared else (line,)
        return max(each.peak for each in lines) or 1.0

    @property
    def rows(self) -> list[tuple[float, list[float | None]]]:
        """The figures behind the chart: each second with the value of each line."""
        values = [dict(line.points) for line in self.drawn]
        seconds = sorted({at for each in values for at in each})
        return [(at, [each.get(at) for each in values]) for at in seconds]


def charts(result: Result) -> list[Chart]:
    """Return all charts of a run, in the order of the report."""
    width, samples = _width(result), result.samples
    took = ((s.wanted, s.seconds) for s in result.delivery_results if s.accepted)
    to_code = tuple(_to_code(result, each, width) for each in result.info.vendors)
    jobs = _sampled(samples, lambda sample: sample.work)
    work = Line("jobs", _highest(jobs, width))
    found = [
        Chart(*ANSWERS, "s", _percentiles(took, width), shared=True),
        Chart(*EVENTS, "/s", _events(result.delivery_results, width), shared=True),
        Chart(*TO_CODE, "s", to_code),
        Chart(*BACKLOG, "", (work,)),
        Chart(*CALLS, "/s", _calls(samples[:: ceil(len(samples) / BUCKETS) or 1])),
        Chart(*MEMORY, "MB", _memory(samples, width), shared=True),
    ]
    lines = (line for chart in found for line in chart.lines)
    until = max((at for line in lines for at, _ in line.points), default=0.0)
    return [replace(chart, until=until or 1.0) for chart in found]


ANSWERS = (
    "Answers, from the moment an event was due",
    "a stall is drawn at the second at which it began",
)
EVENTS = ("Events", "due, sent (repetitions included), not accepted")
TO_CODE = (
    "Time to code",
    "until the code is at the door, p95, by when it was due",
)
BACKLOG = ("Backlog", "jobs that the subject reports as due or in flight")
CALLS = (
    "Calls to vendors",
    "as the vendors count them, by status",
)
MEMORY = ("Memory", "of each process with its children")


def _width(result: Result) -> float:
    """Return the number of seconds that one point covers."""
    longest = max([result.info.seconds, *(s.wanted for s in result.delivery_results)])
    return next((step for step in STEPS if longest / step <= BUCKETS), STEPS[-1])


def _percentiles(pairs: Iterable[Point], width: float) -> tuple[Line, ...]:
    buckets: dict[float, list[float]] = defaultdict(list)
    for at, seconds in pairs:
        buckets[at // width * width].append(seconds)
    found = [(at, distribution(group)) for at, group in sorted(buckets.items())]
    return tuple(
        Line(name, tuple((at, getattr(each, name)) for at, each in found if each))
        for name in ("p50", "p95", "p99", "slowest")
    )


def _events(
    delivery_results: Sequence[DeliveryResult], width: float
) -> tuple[Line, ...]:
    due = (each.wanted for each in delivery_results if each.attempt == 1)
    sent = (each.sent for each in delivery_results)
    refused = (each.sent for each in delivery_results if not each.accepted)
    return (
        Line("due", _rate(due, width)),
        Line("sent", _rate(sent, width)),
        Line("not taken", _rate(refused, width), bad=True),
    )


def _rate(moments: Iterable[float], width: float) -> tuple[Point, ...]:
    counts = Counter(at // width * width for at in moments)
    if not counts:
        return ()
    steps = int((max(counts) - min(counts)) / width) + 1
    every = (min(counts) + step * width for step in range(steps))
    return tuple((at, counts[at] / width) for at in every)


def _to_code(result: Result, vendor: str, width: float) -> Line:
    timings = (timing for timing in result.timings if timing.vendor == vendor)
    timed = ((w.due, max(w.to_code, 0.0)) for w in timings if w.to_code is not None)
    line = _percentiles(timed, width)[1]
    return Line(vendor, line.points, vendor)


def _sampled(
    samples: Sequence[Sample], of: Callable[[Sample], float | None]
) -> tuple[Point, ...]:
    found = ((sample.second, of(sample)) for sample in samples)
    return tuple((at, float(value)) for at, value in found if value is not None)


def _highest(points: Iterable[Point], width: float) -> tuple[Point, ...]:
    """Return the highest value of each stretch of the run."""
    found: dict[float, float] = {}
    for at, value in points:
        begins = at // width * width
        found[begins] = max(value, found.get(begins, value))
    return tuple(sorted(found.items()))


def _calls(samples: Sequence[Sample]) -> tuple[Line, ...]:
    names = sorted({name for sample in samples for name in sample.calls})
    return tuple(_calls_of(samples, name) for name in names)


def _calls_of(samples: Sequence[Sample], name: str) -> Line:
    vendor, _, status = name.partition(" ")
    bad = not status.isdigit() or int(status) >= REFUSED
    return Line(name, tuple(_growing(samples, name)), vendor, bad)


def _growing(samples: Sequence[Sample], name: str) -> Iterable[Point]:
    for before, after in pairwise(samples):
        elapsed = after.second - before.second
        more = after.calls.get(name, 0) - before.calls.get(name, 0)
        if elapsed > 0:
            yield after.second, more / elapsed


def _memory(samples: Sequence[Sample], width: float) -> tuple[Line, ...]:
    names = sorted({name for sample in samples for name in sample.memory})
    return tuple(
        Line(name, _highest(((s.second, s.memory[name]) for s in samples), width))
        for name in names
    )


WIDTH, HEIGHT = 1000, 100
"""Of a strip, which the page stretches to its own width."""

BELOW = HEIGHT + 9
"""Where an area closes: below the strip, so that its edge there is not drawn."""

SLOTS = 24
"""How many values of a strip can be pointed at."""

TIMES = 5
ROUND = (1, 2, 2.5, 5, 10)
LONG = 600
"""From this number of seconds on, the axis is in minutes."""


def strip(chart: Chart, line: Line, bands: Mapping[str, Band]) -> Markup:
    """Return one line of a chart as SVG; `bands` are the faults of each vendor.

    A screen reader has the name and peak beside it, and the table of figures below.
    """
    own = {line.vendor: bands[line.vendor]} if line.vendor in bands else {}
    shaded = own if line.vendor else bands
    parts = [
        Markup(
            '<div class="strip" aria-hidden="true">'
            '<svg viewBox="0 0 {} {}" preserveAspectRatio="none">'
        ).format(WIDTH, HEIGHT),
        *(_band(chart, begins, ends) for begins, ends in sorted(set(shaded.values()))),
        _drawn(chart, line),
        Markup("</svg><div>"),
        *_slots(chart, line),
        Markup("</div></div>"),
    ]
    return Markup("").join(parts)


def _band(chart: Chart, begins: float, ends: float) -> Markup:
    left, right = _x(chart, begins), _x(chart, ends)
    shape = Markup('<rect class="band" x="{}" width="{}" height="{}"/>')
    return shape.format(left, right - left, HEIGHT)


def _drawn(chart: Chart, line: Line) -> Markup:
    """Return the line with the area below, as one shape; a single point is a dot."""
    top = chart.top(line)
    places = [(_x(chart, at), _y(value, top)) for at, value in line.points]
    path = " ".join(f"{x},{y}" for x, y in places)
    if len(places) == 1:
        return Markup('<polyline class="dot-of" points="{} {}"/>').format(path, path)
    area = f"{places[0][0]},{BELOW} {path} {places[-1][0]},{BELOW}"
    return Markup('<polygon points="{}"/>').format(area)


def _slots(chart: Chart, line: Line) -> Iterator[Markup]:
    """Yield a slot for each stretch of the run, with its highest value, to point at."""
    size = chart.until / SLOTS
    found: dict[int, Point] = {}
    for at, value in line.points:
        number = min(int(at / size), SLOTS - 1)
        known = found.get(number)
        if known is None or value > known[1]:
            found[number] = at, value
    for number in range(SLOTS):
        if number in found:
            at, value = found[number]
            text = f"{at:.0f} s: {shown(value, chart.unit)}"
            yield Markup('<i title="{}"></i>').format(text)
        else:
            yield Markup("<i></i>")


def _x(chart: Chart, at: float) -> int:
    return round(min(max(at / chart.until, 0.0), 1.0) * WIDTH)


def _y(value: float, top: float) -> int:
    return round((1 - 0.92 * value / top) * HEIGHT)


def times(until: float) -> Markup:
    """Return the time axis as SVG whose texts keep their size."""
    text = Markup('<text x="{}%" y="12" text-anchor="{}">{}</text>')
    found = list(_moments(until))
    labels = (
        text.format(round(at / until * 100, 1), _anchor(at / until), label)
        for at, label in found
    )
    return Markup('<svg class="times" aria-hidden="true">{}</svg>').format(
        Markup("").join(labels)
    )


def _anchor(share: float) -> str:
    if share < 0.05:  # noqa: PLR2004 - at the edge
        return "start"
    return "end" if share > 0.95 else "middle"  # noqa: PLR2004 - likewise


def _moments(until: float) -> Iterator[tuple[float, str]]:
    """Yield the labelled seconds and their labels."""
    size, unit = (60, "min") if until >= LONG else (1, "s")
    step = _round_up(until / size / TIMES)
    for number in range(floor(until / size / step) + 1):
        yield number * step * size, f"{number * step:g} {unit}"


def _round_up(value: float) -> float:
    """Return the next round number above `value`."""
    if value <= 0:
        return 1.0
    size = 10 ** floor(log10(value))
    return float(next(each for each in ROUND if each * size >= value * 0.999) * size)


def shown(value: float | None, unit: str) -> str:
    """Return a figure with its unit, as precisely as people read it."""
    if value is None:
        return "-"
    if unit == "s":
        return f"{value * 1000:.0f} ms" if 0 < value < 1 else f"{value:.3g} s"
    text = f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2g}"  # noqa: PLR2004 - three digits
    return text if not unit else f"{text}{unit}" if unit == "/s" else f"{text} {unit}"
