"""The result: all figures that a run is judged by and reported with, as plain values.

Invariants: pure; it holds no secret, no code and no customer, so it may be published.
Every duration is counted from when an event was due, in seconds. A booking counts as
during a fault if its vendor had one while its code was due.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from math import ceil
from statistics import linear_regression
from typing import TYPE_CHECKING

from loadtests.audit import AT_THE_DOOR, HAZARDS, NOT_REVOCABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from loadtests.audit import CodeListing, Finding, Mailboxes
    from loadtests.monitor import Sample
    from loadtests.sending import DeliveryResult
    from loadtests.thresholds import Check, Figures
    from loadtests.workload import BookingScript, DoorRef


HOUR = 3600.0


@dataclass(frozen=True)
class Distribution:
    """A distribution of durations in seconds; percentiles by rank, so each occurred."""

    count: int
    p50: float
    p95: float
    p99: float
    slowest: float


def distribution(durations: Iterable[float]) -> Distribution | None:
    """Return the distribution of durations; None if there are none."""
    ordered = sorted(durations)
    if not ordered:
        return None
    ranks = (ordered[ceil(share * len(ordered)) - 1] for share in (0.5, 0.95, 0.99))
    return Distribution(
        len(ordered), *(round(each, 4) for each in (*ranks, ordered[-1]))
    )


@dataclass(frozen=True)
class CodeTiming:
    """When one booking's code was due, at the door, and sent to the customer."""

    script: int
    vendor: str
    due: float
    at_the_door: float | None
    sent_at: float | None
    during_fault: bool

    @property
    def to_code(self) -> float | None:
        """Seconds until the code was at the door."""
        return None if self.at_the_door is None else self.at_the_door - self.due

    @property
    def to_message(self) -> float | None:
        """Seconds until the customer received the code."""
        return None if self.sent_at is None else self.sent_at - self.due


def timings(
    scripts: Iterable[BookingScript],
    listing: CodeListing,
    mailboxes: Mailboxes,
    started_at: datetime,
    fault_periods: Mapping[str, tuple[float, float]],
) -> Iterator[CodeTiming]:
    """Yield the code timing of each booking that is entitled to a code."""
    for script in (each for each in scripts if each.entitled):
        resource, booking = script.placements[-1]
        listed = listing.of(resource, booking)
        # Where a door keeps no list of codes, a code works once it is made
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
    """Return the distribution of durations for each vendor."""
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
    """Yield how long each revoked code outlived the end of its booking.

    `removed_at` is when a listing first lacked a code; exact to one listing.
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
    """Memory of a process at start and end, and its slope, in megabytes."""

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


WARM_SECONDS = 600.0
"""In shorter runs, growth is only the warm-up."""


@dataclass(frozen=True)
class RunInfo:
    """What was run: subject, load and faults."""

    subject: str
    run: str
    started_at: str
    shape: str
    about: str
    seconds: float
    rate: float
    seed: int
    faults: str
    faults_about: str
    vendors: tuple[str, ...]
    doors: int
    senders: int
    client_bound: bool
    fault_periods: Mapping[str, tuple[float, float]]  # by vendor, seconds of the run


@dataclass(frozen=True)
class Result:
    """The result of a run; `converged` and `recovered` are None if never reached."""

    info: RunInfo
    bookings: int
    attempts: int
    failures: int
    answers: Distribution | None
    lateness: Distribution | None
    to_code: Mapping[str, Distribution]
    to_code_during_faults: Mapping[str, Distribution]
    to_message: Mapping[str, Distribution]
    exposed: Mapping[str, Distribution]
    hazards: Mapping[str, int]
    not_revocable: int
    listing_interval: float  # average seconds between two listings of all codes
    converged: float | None
    recovered: float | None
    growth: Mapping[str, Growth]
    cpu_share: Mapping[str, float]  # share of one core, by process
    cpu_per_booking: Mapping[str, float]  # CPU seconds for one booking
    findings: Sequence[Finding]
    delivery_results: Sequence[DeliveryResult]
    timings: Sequence[CodeTiming]
    samples: Sequence[Sample]
    checks: Sequence[Check] = ()

    @property
    def passed(self) -> bool:
        """Whether every threshold passed."""
        return all(check.passed for check in self.checks)

    def with_checks(self, checks: Sequence[Check]) -> Result:
        """Return the result with its threshold checks."""
        return replace(self, checks=tuple(checks))

    @property
    def figures(self) -> Figures:
        """The figures that thresholds can be set for."""
        worst = list(self.to_code.values())
        convergence: dict[str, float | None] = {"converged": self.converged}
        if self.info.fault_periods:
            convergence["recovered"] = self.recovered
        return {
            "answers": _named(self.answers),
            "to_code": {
                "p50": max((each.p50 for each in worst), default=None),
                "p95": max((each.p95 for each in worst), default=None),
            },
            "rates": {"failures": self.failures / max(self.attempts, 1)},
            "hazards": {name: float(n) for name, n in self.hazards.items()},
            "convergence": convergence,
            "growth": self._slopes,
        }

    @property
    def _slopes(self) -> dict[str, float | None]:
        """Memory slopes, for runs longer than the warm-up."""
        lasting = self.info.seconds >= WARM_SECONDS
        return {n: each.per_hour for n, each in self.growth.items() if lasting}


def count_hazards(findings: Sequence[Finding]) -> tuple[dict[str, int], int]:
    """Return the number of bookings by hazard, and of codes that are not revocable."""
    met = Counter(hazard for hazard, _ in {(f.hazard, f.script) for f in findings})
    return {name: met[name] for name in HAZARDS}, met[NOT_REVOCABLE]


def recovery(
    timings: Sequence[CodeTiming], fault_periods: Mapping[str, tuple[float, float]]
) -> float | None:
    """Return the seconds after the last fault until all codes due by then were sent.

    None: not all were.
    """
    late = [0.0]
    for timing in timings:
        _, ends = fault_periods.get(timing.vendor, (0.0, 0.0))
        if timing.due < ends:
            if timing.sent_at is None:
                return None
            late.append(timing.sent_at - ends)
    return round(max(late), 1)


def cpu_used(samples: Sequence[Sample], units: float) -> dict[str, float]:
    """Return the CPU seconds of each process per unit."""
    if not samples or not units:
        return {}
    first, last = samples[0].cpu_seconds, samples[-1].cpu_seconds
    return {
        name: round((seconds - first.get(name, 0.0)) / units, 4)
        for name, seconds in last.items()
    }


def mean_gap(moments: Sequence[float]) -> float:
    """Return the average gap between moments."""
    gaps = len(moments) - 1
    return round((moments[-1] - moments[0]) / gaps, 1) if gaps > 0 else 0.0


def elapsed(samples: Sequence[Sample]) -> float:
    """Return the seconds from the first sample to the last."""
    return samples[-1].second - samples[0].second if samples else 0.0


def _named(found: Distribution | None) -> dict[str, float | None]:
    names = ("p50", "p95", "p99", "slowest")
    return {name: getattr(found, name) if found else None for name in names}


def growth_by_process(samples: Sequence[Sample]) -> dict[str, Growth]:
    """Return the memory growth of each process."""
    names = samples[-1].memory if samples else ()
    found = {name: growth(samples, name) for name in names}
    return {name: each for name, each in found.items() if each}
