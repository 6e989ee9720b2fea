"""The report: one self-contained HTML page with charts, and the result as JSON.

Invariants: it shows the result and computes no verdict. The page needs no script, font
or file from elsewhere, and follows the light or dark scheme of the reader. An event is
drawn at the second at which it was due, so a stall shows where it began.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pydantic_core import to_json

from loadtests.audit import HAZARDS, NOT_REVOCABLE
from loadtests.result import distribution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from loadtests.monitor import Sample
    from loadtests.result import Result
    from loadtests.sending import DeliveryResult


TEMPLATES = Path(__file__).with_name("templates")
SHOWN = 200  # findings in the page; the JSON has all


def write(result: Result, folder: Path) -> None:
    """Write result.json and report.html into a folder."""
    (folder / "result.json").write_bytes(to_json(result))
    (folder / "report.html").write_text(html(result), encoding="utf-8")


def html(result: Result) -> str:
    """Return the page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    bands = sorted(set(result.info.fault_periods.values()))
    hazards = [each for each in result.findings if each.hazard != NOT_REVOCABLE]
    return environment.get_template("report.html").render(
        result=result,
        info=result.info,
        headline=headline(result),
        meanings=HAZARDS,
        not_revocable=NOT_REVOCABLE,
        style=style,
        colours=COLOURS,
        findings=hazards[:SHOWN],
        more=max(len(hazards) - SHOWN, 0),
        plots=[(chart, plot(chart, bands)) for chart in charts(result)],
    )


def headline(result: Result) -> str:
    """Return the outcome in one sentence."""
    failed = [check for check in result.checks if not check.passed]
    met = Counter({name: n for name, n in result.hazards.items() if n})
    hazards = ", ".join(f"{n} {name}" for name, n in met.items()) or "none"
    passed = f"{len(failed)} of {len(result.checks)} thresholds failed"
    audited = f"{result.bookings} bookings audited at the doors, hazards: {hazards}"
    return f"{passed if failed else 'all thresholds passed'}; {audited}"


def summary(result: Result) -> str:
    """Return the outcome in the few lines that the command prints."""
    info = result.info
    lines = [
        f"{info.subject}: {headline(result)}",
        f"  {info.shape} {info.rate:g}/s, {info.seconds:g} s; {info.faults}",
        *(
            f"  failed: {check.name} is {_shown(check.value)}, limit {check.limit:g}"
            for check in result.checks
            if not check.passed
        ),
        *(
            f"  {vendor}: code at the door after {each.p50:.2f} s (p50), "
            f"{each.p95:.2f} s (p95), {each.slowest:.2f} s (slowest)"
            for vendor, each in result.to_code.items()
        ),
    ]
    if result.answers:
        own = result.answers
        lines.append(
            f"  answers: {own.p50 * 1000:.0f} ms (p50), {own.p99 * 1000:.0f} ms "
            f"(p99); converged {_shown(result.converged)} s after the last event"
        )
    if info.client_bound:
        lines.append("  the senders reached their CPU limit: the figures describe them")
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    return "not reached" if value is None else f"{value:g}"


Point = tuple[float, float]
BUCKETS = 120  # at most, over the whole run
STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 300)


@dataclass(frozen=True)
class Line:
    """One line of a chart: name and points (second of the run, value)."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Chart:
    """A chart of several lines; `unit` belongs to the vertical axis."""

    title: str
    about: str
    unit: str
    lines: tuple[Line, ...]

    @property
    def drawn(self) -> tuple[Line, ...]:
        """The lines that have points."""
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
        Line(name, tuple((at, getattr(each, field)) for at, each in found if each))
        for name, field in (
            ("p50", "p50"),
            ("p95", "p95"),
            ("p99", "p99"),
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
        _rate("sent", (each.sent for each in delivery_results), width),
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


WIDTH, HEIGHT = 560, 220
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 10, 26
TICKS = 4
COLOURS = 8
ROUND = (1, 2, 2.5, 5, 10)
LONG = 600
"""From this number of seconds on, the axis is in minutes."""

Band = tuple[float, float]


def plot(chart: Chart, bands: Sequence[Band]) -> Markup:
    """Return a chart as SVG; `bands` are the periods with faults."""
    axes = _Axes(chart.drawn)
    parts = [
        Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            WIDTH, HEIGHT, chart.title
        ),
        *axes.bands(bands),
        *axes.grid(chart.unit),
        *(axes.line(style(n), line) for n, line in enumerate(chart.drawn)),
        Markup("</svg>"),
    ]
    return Markup("").join(parts)


def style(number: int) -> str:
    """Return the CSS class of line `number`: a colour, dashed from the ninth on."""
    again, colour = divmod(number, COLOURS)
    return f"l{colour} again" if again else f"l{colour}"


class _Axes:
    """Maps a second and a value to coordinates."""

    def __init__(self, lines: Sequence[Line]) -> None:
        points = [point for line in lines for point in line.points]
        self._until = max((at for at, _ in points), default=1.0) or 1.0
        most = max((value for _, value in points), default=1.0)
        self._step = _round_up(most / TICKS)
        self._top = self._step * TICKS

    def x(self, at: float) -> float:
        """Return the x coordinate of a second."""
        share = min(max(at / self._until, 0.0), 1.0)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Return the y coordinate of a value."""
        share = value / self._top
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    def bands(self, bands: Sequence[Band]) -> Iterator[Markup]:
        """Yield a shaded rectangle for each period with faults."""
        shape = Markup('<rect class="band" x="{}" y="{}" width="{}" height="{}"/>')
        for begins, ends in bands:
            left, right = self.x(begins), self.x(ends)
            yield shape.format(left, TOP, right - left, HEIGHT - TOP - BOTTOM)

    def grid(self, unit: str) -> Iterator[Markup]:
        """Yield grid lines and labels of both axes."""
        rule = Markup('<line class="grid" x1="{}" y1="{}" x2="{}" y2="{}"/>')
        text = Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>')
        for number in range(TICKS + 1):
            value = self._step * number
            height = self.y(value)
            yield rule.format(LEFT, height, WIDTH - RIGHT, height)
            shown = f"{value:g} {unit}" if number == TICKS else f"{value:g}"
            yield text.format(LEFT - 6, height + 4, "end", shown)
        for at, shown in _moments(self._until):
            yield text.format(self.x(at), HEIGHT - 8, "middle", shown)

    def line(self, style: str, line: Line) -> Markup:
        """Return one line, with its name as a tooltip."""
        path = " ".join(f"{self.x(at)},{self.y(value)}" for at, value in line.points)
        shape = Markup('<polyline class="{}" points="{}"><title>{}</title></polyline>')
        return shape.format(style, path, line.name)


def _moments(until: float) -> Iterator[tuple[float, str]]:
    """Yield the labelled seconds and their labels."""
    size, unit = (60, "min") if until >= LONG else (1, "s")
    step = _round_up(until / size / 6)
    for number in range(floor(until / size / step) + 1):
        yield number * step * size, f"{number * step:g} {unit}"


def _round_up(value: float) -> float:
    """Return the next round number above `value`."""
    if value <= 0:
        return 1.0
    size = 10 ** floor(log10(value))
    return float(next(each for each in ROUND if each * size >= value * 0.999) * size)
