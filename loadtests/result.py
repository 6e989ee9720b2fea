"""The result: everything that a run is judged by and shown by, as plain values.

Law: pure; it holds no secret, no code and no customer, so it may be published.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from loadtests import figures
from loadtests.audit import FINAL, HAZARDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loadtests.audit import Finding
    from loadtests.figures import Growth, Spread, Way
    from loadtests.senders import Seen
    from loadtests.thresholds import Check, Figures
    from loadtests.watch import Look


WARM_SECONDS = 600.0
"""A process that has run for less grows because it is young."""


@dataclass(frozen=True)
class Course:
    """What was run: against whom, how, with which trouble."""

    subject: str
    run: str
    begun: str
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
    trouble: Mapping[str, tuple[float, float]]  # by vendor, seconds of the run


@dataclass(frozen=True)
class Result:
    """What came of it; `converged` and `recovered` are None where it never was so."""

    course: Course
    bookings: int
    attempts: int
    failures: int
    answers: Spread | None
    lateness: Spread | None
    to_code: Mapping[str, Spread]
    to_code_in_trouble: Mapping[str, Spread]
    to_message: Mapping[str, Spread]
    exposed: Mapping[str, Spread]
    hazards: Mapping[str, int]
    beyond_recall: int
    listed_every: (
        float  # seconds from one look at all codes to the next, on the average
    )
    converged: float | None
    recovered: float | None
    growth: Mapping[str, Growth]
    busy: Mapping[str, float]  # share of one processor, by process
    cost: Mapping[str, float]  # seconds of a processor for one booking
    findings: Sequence[Finding]
    seen: Sequence[Seen]
    ways: Sequence[Way]
    looks: Sequence[Look]
    checks: Sequence[Check] = ()

    @property
    def kept(self) -> bool:
        """Whether every limit was kept to."""
        return all(check.kept for check in self.checks)

    def held_against(self, checks: Sequence[Check]) -> Result:
        """Return the result with its limits."""
        return replace(self, checks=tuple(checks))

    @property
    def figures(self) -> Figures:
        """What limits can be set for."""
        worst = list(self.to_code.values())
        rest: dict[str, float | None] = {"converged": self.converged}
        if self.course.trouble:
            rest["recovered"] = self.recovered
        return {
            "answers": _named(self.answers),
            "to_code": {
                "p50": max((each.p50 for each in worst), default=None),
                "p95": max((each.p95 for each in worst), default=None),
            },
            "shares": {"failures": self.failures / max(self.attempts, 1)},
            "hazards": {name: float(n) for name, n in self.hazards.items()},
            "rest": rest,
            "growth": self._slopes,
        }

    @property
    def _slopes(self) -> dict[str, float | None]:
        """How processes grow, of runs that outlast their warming up."""
        lasting = self.course.seconds >= WARM_SECONDS
        return {n: each.an_hour for n, each in self.growth.items() if lasting}


def counted(findings: Sequence[Finding]) -> tuple[dict[str, int], int]:
    """Return how many bookings met each hazard, and how many codes are final."""
    met = Counter(hazard for hazard, _ in {(f.hazard, f.intent) for f in findings})
    return {name: met[name] for name in HAZARDS}, met[FINAL]


def recovery(
    ways: Sequence[Way], trouble: Mapping[str, tuple[float, float]]
) -> float | None:
    """Return how long after the trouble all codes due by then had been told.

    None: not all were.
    """
    late = [0.0]
    for way in ways:
        _, ends = trouble.get(way.vendor, (0.0, 0.0))
        if way.due < ends:
            if way.told is None:
                return None
            late.append(way.told - ends)
    return round(max(late), 1)


def worked(looks: Sequence[Look], units: float) -> dict[str, float]:
    """Return the seconds of a processor that each process took for one unit."""
    if not looks or not units:
        return {}
    first, last = looks[0].busy, looks[-1].busy
    return {
        name: round((seconds - first.get(name, 0.0)) / units, 4)
        for name, seconds in last.items()
    }


def between(moments: Sequence[float]) -> float:
    """Return how far apart moments are on the average."""
    gaps = len(moments) - 1
    return round((moments[-1] - moments[0]) / gaps, 1) if gaps > 0 else 0.0


def passed(looks: Sequence[Look]) -> float:
    """Return the seconds from the first look to the last."""
    return looks[-1].second - looks[0].second if looks else 0.0


def _named(found: Spread | None) -> dict[str, float | None]:
    names = ("p50", "p95", "p99", "most")
    return {name: getattr(found, name) if found else None for name in names}


def grown(looks: Sequence[Look]) -> dict[str, Growth]:
    """Return how each process grew."""
    names = looks[-1].memory if looks else ()
    found = {name: figures.growth(looks, name) for name in names}
    return {name: each for name, each in found.items() if each}
