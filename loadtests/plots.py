"""Plots: charts as SVG that stands in a page by itself. Pure.

Law: no script, no font and no colour from elsewhere; colours are the page's variables,
so that a plot is right in the light and in the dark. A plot is read from its axes: they
end at round numbers, and what was in trouble is shaded.
"""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from loadtests.series import Chart, Line

WIDTH, HEIGHT = 560, 220
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 10, 26
TICKS = 4
COLOURS = 8
ROUND = (1, 2, 2.5, 5, 10)
LONG = 600
"""Seconds from which on a run is told in minutes."""

Band = tuple[float, float]


def plot(chart: Chart, bands: Sequence[Band]) -> Markup:
    """Return a chart as SVG; `bands` are the seconds in trouble."""
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
    """Return how the line of that number looks: a colour, dashed the second time."""
    again, colour = divmod(number, COLOURS)
    return f"l{colour} again" if again else f"l{colour}"


class _Axes:
    """Where a second and a value lie on the paper."""

    def __init__(self, lines: Sequence[Line]) -> None:
        points = [point for line in lines for point in line.points]
        self._until = max((at for at, _ in points), default=1.0) or 1.0
        most = max((value for _, value in points), default=1.0)
        self._step = _round_up(most / TICKS)
        self._top = self._step * TICKS

    def x(self, at: float) -> float:
        """Return how far to the right a second lies."""
        share = min(max(at / self._until, 0.0), 1.0)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Return how far down a value lies."""
        share = value / self._top
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    def bands(self, bands: Sequence[Band]) -> Iterator[Markup]:
        """Yield the shade of each time in trouble."""
        shape = Markup('<rect class="band" x="{}" y="{}" width="{}" height="{}"/>')
        for begins, ends in bands:
            left, right = self.x(begins), self.x(ends)
            yield shape.format(left, TOP, right - left, HEIGHT - TOP - BOTTOM)

    def grid(self, unit: str) -> Iterator[Markup]:
        """Yield lines and numbers of both axes."""
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
        """Return one line, named to whoever points at it."""
        path = " ".join(f"{self.x(at)},{self.y(value)}" for at, value in line.points)
        shape = Markup('<polyline class="{}" points="{}"><title>{}</title></polyline>')
        return shape.format(style, path, line.name)


def _moments(until: float) -> Iterator[tuple[float, str]]:
    """Yield the seconds to be named, and how: in minutes from ten of them on."""
    size, unit = (60, "min") if until >= LONG else (1, "s")
    step = _round_up(until / size / 6)
    for number in range(floor(until / size / step) + 1):
        yield number * step * size, f"{number * step:g} {unit}"


def _round_up(value: float) -> float:
    """Return the next round number from there."""
    if value <= 0:
        return 1.0
    size = 10 ** floor(log10(value))
    return float(next(each for each in ROUND if each * size >= value * 0.999) * size)
