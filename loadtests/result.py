"""The result: everything that a run is judged by and shown by, as plain values.

Law: pure; it holds no secret, no code and no customer, so it may be published.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from loadtests import figures
from loadtests.audit import HAZARDS, NOT_REVOCABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loadtests.audit import Finding
    from loadtests.figures import CodeTiming, Distribution, Growth
    from loadtests.monitor import Sample
    from loadtests.senders import DeliveryResult
    from loadtests.thresholds import Check, Figures


WARM_SECONDS = 600.0
"""A process that has run for less grows because it is young."""


@dataclass(frozen=True)
class RunInfo:
    """What was run: against whom, how, with which trouble."""

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
    """What came of it; `converged` and `recovered` are None where it never was so."""

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
    listing_interval: (
        float  # seconds from one look at all codes to the next, on the average
    )
    converged: float | None
    recovered: float | None
    growth: Mapping[str, Growth]
    cpu_share: Mapping[str, float]  # share of one processor, by process
    cpu_per_booking: Mapping[str, float]  # seconds of a processor for one booking
    findings: Sequence[Finding]
    delivery_results: Sequence[DeliveryResult]
    timings: Sequence[CodeTiming]
    samples: Sequence[Sample]
    checks: Sequence[Check] = ()

    @property
    def passed(self) -> bool:
        """Whether every limit was kept to."""
        return all(check.passed for check in self.checks)

    def with_checks(self, checks: Sequence[Check]) -> Result:
        """Return the result with its limits."""
        return replace(self, checks=tuple(checks))

    @property
    def figures(self) -> Figures:
        """What limits can be set for."""
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
        """How processes grow, of runs that outlast their warming up."""
        lasting = self.info.seconds >= WARM_SECONDS
        return {n: each.per_hour for n, each in self.growth.items() if lasting}


def count_hazards(findings: Sequence[Finding]) -> tuple[dict[str, int], int]:
    """Return how many bookings met each hazard, and how many codes are final."""
    met = Counter(hazard for hazard, _ in {(f.hazard, f.script) for f in findings})
    return {name: met[name] for name in HAZARDS}, met[NOT_REVOCABLE]


def recovery(
    timings: Sequence[CodeTiming], fault_periods: Mapping[str, tuple[float, float]]
) -> float | None:
    """Return how long after the trouble all codes due by then had been told.

    None: not all were.
    """
    late = [0.0]
    for timing in timings:
        _, ends = fault_periods.get(timing.vendor, (0.0, 0.0))
        if timing.due < ends:
            if timing.told is None:
                return None
            late.append(timing.told - ends)
    return round(max(late), 1)


def cpu_used(samples: Sequence[Sample], units: float) -> dict[str, float]:
    """Return the seconds of a processor that each process took for one unit."""
    if not samples or not units:
        return {}
    first, last = samples[0].cpu_seconds, samples[-1].cpu_seconds
    return {
        name: round((seconds - first.get(name, 0.0)) / units, 4)
        for name, seconds in last.items()
    }


def mean_gap(moments: Sequence[float]) -> float:
    """Return how far apart moments are on the average."""
    gaps = len(moments) - 1
    return round((moments[-1] - moments[0]) / gaps, 1) if gaps > 0 else 0.0


def elapsed(samples: Sequence[Sample]) -> float:
    """Return the seconds from the first look to the last."""
    return samples[-1].second - samples[0].second if samples else 0.0


def _named(found: Distribution | None) -> dict[str, float | None]:
    names = ("p50", "p95", "p99", "slowest")
    return {name: getattr(found, name) if found else None for name in names}


def growth_by_process(samples: Sequence[Sample]) -> dict[str, Growth]:
    """Return how each process grew."""
    names = samples[-1].memory if samples else ()
    found = {name: figures.growth(samples, name) for name in names}
    return {name: each for name, each in found.items() if each}
