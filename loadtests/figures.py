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

    from loadtests.bookings import BookingScript
    from loadtests.evidence import CodeListing, Mailboxes
    from loadtests.monitor import Sample
    from loadtests.plan import DoorRef

HOUR = 3600.0


@dataclass(frozen=True)
class Distribution:
    """How durations are spread, in seconds; by rank, so each was really met."""

    count: int
    p50: float
    p95: float
    p99: float
    slowest: float


def distribution(durations: Iterable[float]) -> Distribution | None:
    """Return how durations are spread; None where there are none."""
    ordered = sorted(durations)
    if not ordered:
        return None
    ranks = (ordered[ceil(share * len(ordered)) - 1] for share in (0.5, 0.95, 0.99))
    return Distribution(
        len(ordered), *(round(each, 4) for each in (*ranks, ordered[-1]))
    )


@dataclass(frozen=True)
class CodeTiming:
    """How one booking's code came about: when it was due, there, and told."""

    script: int
    vendor: str
    due: float
    at_the_door: float | None
    told: float | None
    during_fault: bool

    @property
    def to_code(self) -> float | None:
        """Seconds until the code was at the door."""
        return None if self.at_the_door is None else self.at_the_door - self.due

    @property
    def to_message(self) -> float | None:
        """Seconds until the customer was told."""
        return None if self.told is None else self.told - self.due


def timings(
    scripts: Iterable[BookingScript],
    listing: CodeListing,
    mailboxes: Mailboxes,
    started_at: datetime,
    fault_periods: Mapping[str, tuple[float, float]],
) -> Iterator[CodeTiming]:
    """Yield how the code of each booking that is to have one came about."""
    for script in (each for each in scripts if each.entitled):
        resource, booking = script.placements[-1]
        listed = listing.of(resource, booking)
        # Where a door keeps no list of its own, a code is there once it is made
        at_the_door = [
            entry for entry in listed if entry.truth == AT_THE_DOOR
        ] or listed
        since = [entry.since for entry in at_the_door if entry.since]
        mails = mailboxes.to(booking.customer)
        begins, ends = fault_periods.get(resource.vendor, (0.0, 0.0))
        yield CodeTiming(
            script.number,
            resource.vendor,
            script.due_at,
            (min(since) - started_at).total_seconds() if since else None,
            (mails[-1].at - started_at).total_seconds() if mails else None,
            during_fault=begins <= script.due_at < ends,
        )


def by_vendor(
    durations: Iterable[tuple[str, float | None]],
) -> dict[str, Distribution]:
    """Return how durations are spread, vendor by vendor."""
    groups: dict[str, list[float]] = defaultdict(list)
    for vendor, duration in durations:
        if duration is not None:
            groups[vendor].append(max(duration, 0.0))
    found = {vendor: distribution(group) for vendor, group in sorted(groups.items())}
    return {vendor: each for vendor, each in found.items() if each}


def exposures(
    scripts: Iterable[BookingScript],
    removed_at: Mapping[tuple[DoorRef, str], float],
    codes: Mapping[int, Collection[str]],
) -> Iterator[tuple[str, float | None]]:
    """Yield for how long each code that was taken back had outlived its booking's end.

    `removed_at` is when codes were seen to have gone; so this is exact to a look.
    """
    for script in scripts:
        for resource, booking in script.placements:
            ended = script.ended_at(booking)
            for code in codes.get(script.number, ()):
                left = removed_at.get((resource.door_ref, code))
                if ended and left is not None:
                    yield resource.vendor, left - ended


@dataclass(frozen=True)
class Growth:
    """What a process held at the start and in the end, and how fast it grew."""

    first: float
    last: float
    per_hour: float


def growth(samples: Sequence[Sample], process: str) -> Growth | None:
    """Return the growth of a process over the second half of a run, in megabytes."""
    points = [(sample.second, sample.memory.get(process, 0.0)) for sample in samples]
    half = points[len(points) // 2 :]
    if len(half) < 2:  # noqa: PLR2004 - a line takes two points
        return None
    slope = linear_regression(*zip(*half, strict=True)).slope
    first, last = points[0][1], points[-1][1]
    return Growth(round(first, 1), round(last, 1), round(slope * HOUR, 1))
