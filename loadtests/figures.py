"""Figures: what a run came to, in numbers. Pure.

Law: every duration is counted from when an event was meant to be told, in seconds. A
booking is in trouble if its vendor was in any while its code was due.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import ceil
from statistics import linear_regression
from typing import TYPE_CHECKING

from loadtests.evidence import AT_THE_DOOR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from loadtests.bookings import Intent
    from loadtests.evidence import Post, Rows
    from loadtests.stage import Place
    from loadtests.watch import Look

HOUR = 3600.0


@dataclass(frozen=True)
class Spread:
    """How durations are spread, in seconds; by rank, so each was really met."""

    number: int
    p50: float
    p95: float
    p99: float
    most: float


def spread(durations: Iterable[float]) -> Spread | None:
    """Return how durations are spread; None where there are none."""
    ordered = sorted(durations)
    if not ordered:
        return None
    ranks = (ordered[ceil(share * len(ordered)) - 1] for share in (0.5, 0.95, 0.99))
    return Spread(len(ordered), *(round(each, 4) for each in (*ranks, ordered[-1])))


@dataclass(frozen=True)
class Way:
    """How one booking's code came about: when it was due, there, and told."""

    intent: int
    vendor: str
    due: float
    at_the_door: float | None
    told: float | None
    in_trouble: bool

    @property
    def to_code(self) -> float | None:
        """Seconds until the code was at the door."""
        return None if self.at_the_door is None else self.at_the_door - self.due

    @property
    def to_message(self) -> float | None:
        """Seconds until the customer was told."""
        return None if self.told is None else self.told - self.due


def ways(
    intents: Iterable[Intent],
    rows: Rows,
    post: Post,
    begun: datetime,
    trouble: Mapping[str, tuple[float, float]],
) -> Iterator[Way]:
    """Yield how the code of each booking that is to have one came about."""
    for intent in (each for each in intents if each.alive):
        resource, booking = intent.places[-1]
        listed = rows.of(resource, booking)
        # Where a door keeps no list of its own, a code is there once it is made
        at_the_door = [row for row in listed if row.truth == AT_THE_DOOR] or listed
        since = [row.since for row in at_the_door if row.since]
        letters = post.to(booking.customer)
        begins, ends = trouble.get(resource.vendor, (0.0, 0.0))
        yield Way(
            intent.number,
            resource.vendor,
            intent.due_at,
            (min(since) - begun).total_seconds() if since else None,
            (letters[-1].at - begun).total_seconds() if letters else None,
            in_trouble=begins <= intent.due_at < ends,
        )


def by_vendor(
    durations: Iterable[tuple[str, float | None]],
) -> dict[str, Spread]:
    """Return how durations are spread, vendor by vendor."""
    groups: dict[str, list[float]] = defaultdict(list)
    for vendor, duration in durations:
        if duration is not None:
            groups[vendor].append(max(duration, 0.0))
    found = {vendor: spread(group) for vendor, group in sorted(groups.items())}
    return {vendor: each for vendor, each in found.items() if each}


def exposures(
    intents: Iterable[Intent],
    gone: Mapping[tuple[Place, str], float],
    codes: Mapping[int, Collection[str]],
) -> Iterator[tuple[str, float | None]]:
    """Yield for how long each code that was taken back had outlived its booking's end.

    `gone` is when codes were seen to have gone; so this is exact to a look.
    """
    for intent in intents:
        for resource, booking in intent.places:
            ended = intent.ended_at(booking)
            for code in codes.get(intent.number, ()):
                left = gone.get((resource.hangs, code))
                if ended and left is not None:
                    yield resource.vendor, left - ended


@dataclass(frozen=True)
class Growth:
    """What a process held at the start and in the end, and how fast it grew."""

    first: float
    last: float
    an_hour: float


def growth(looks: Sequence[Look], process: str) -> Growth | None:
    """Return the growth of a process over the second half of a run, in megabytes."""
    points = [(look.second, look.memory.get(process, 0.0)) for look in looks]
    half = points[len(points) // 2 :]
    if len(half) < 2:  # noqa: PLR2004 - a line takes two points
        return None
    slope = linear_regression(*zip(*half, strict=True)).slope
    first, last = points[0][1], points[-1][1]
    return Growth(round(first, 1), round(last, 1), round(slope * HOUR, 1))
