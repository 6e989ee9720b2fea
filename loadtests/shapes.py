"""Shapes: when bookings are made in the course of a run. Pure.

Law: arrivals are open. When a booking is made follows from the shape and the seed
alone, never from how fast anybody answers. A curve says how much goes on at each
moment, from 0 at the start of the run to 1 at its end; only its proportions count.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

Curve = tuple[tuple[float, float], ...]
"""Moments and how much goes on there, joined by straight lines."""

STEPS = 1000
FLAT: Curve = ((0, 1), (1, 1))


@dataclass(frozen=True)
class Shape:
    """A course of a run; `outage` is when the platform tells nothing.

    After its silence the platform tells what it kept back and, since it cannot know
    what arrived, also everything that it had told before.
    """

    about: str
    curve: Curve = FLAT
    outage: tuple[float, float] | None = None
    seconds: int = 60
    rate: float = 20.0


SHAPES: Mapping[str, Shape] = {
    "steady": Shape("bookings come evenly"),
    "rush": Shape(
        "everyone books at noon",
        curve=((0, 0.4), (0.45, 0.4), (0.5, 6), (0.55, 0.4), (1, 0.4)),
    ),
    "season": Shape(
        "the season opens: a wave at once, which ebbs away",
        curve=((0, 5), (0.1, 5), (0.4, 0.6), (1, 0.4)),
    ),
    "storm": Shape(
        "the platform is out for a while, then repeats everything",
        outage=(0.4, 0.6),
    ),
    "soak": Shape("an hour of the same", seconds=3600, rate=5.0),
}


def arrivals(
    shape: Shape, bookings: int, seconds: float, chance: Random
) -> list[float]:
    """Return when bookings are made, in seconds from the start, in order.

    Each comes by itself, as in a Poisson process of which the number is known.
    """
    levels = [_level(shape.curve, step / STEPS) for step in range(STEPS + 1)]
    areas = [0.0, *accumulate((a + b) / 2 for a, b in pairwise(levels))]
    drawn = sorted(chance.uniform(0, areas[-1]) for _ in range(bookings))
    return [_moment(areas, area) * seconds for area in drawn]


def delivery_time(shape: Shape, at: float, seconds: float) -> float:
    """Return when something is told that would be told at `at`, but for a silence."""
    if shape.outage is None:
        return at
    begins, ends = (moment * seconds for moment in shape.outage)
    return ends if begins <= at < ends else at


def _level(curve: Curve, at: float) -> float:
    for (left, low), (right, high) in pairwise(curve):
        if at <= right:
            return low + (high - low) * (at - left) / (right - left)
    return curve[-1][1]


def _moment(areas: list[float], area: float) -> float:
    """Return the share of the run by which so much has gone on."""
    step = max(bisect_left(areas, area), 1)
    before, after = areas[step - 1], areas[step]
    within = (area - before) / (after - before) if after > before else 0.0
    return (step - 1 + within) / STEPS
