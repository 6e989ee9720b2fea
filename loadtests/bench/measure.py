"""How things are measured: in turns, by the median, with the CPU time.

Invariants: a figure is a ratio to a baseline of the same run. Subject and baseline take
turns, so that other load disturbs both, and the median of the ratios counts.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Final, Self

from loadtests.bench import machine
from loadtests.bench.client import drive
from loadtests.bench.servers import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from loadtests.bench.client import Load

ROUNDS: Final = 3
CLIENT_BOUND: Final = 0.9
"""From here on the client's core may be what limits the rate."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What is measured, and what it should come to; `target` None only informs."""

    name: str
    target: float | None = None
    unit: str = "x"
    at_most: bool = False

    def row(
        self, figure: float, detail: str, *, cpu: float | None = None, others: float = 0
    ) -> Row:
        """Return the line of the table that says what came of it."""
        return Row(self, figure, detail, cpu, others)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    `cpu` is the same ratio by processor time a request, which others on the machine
    disturb least; `others` is the share of both cores that went to them meanwhile.
    """

    goal: Goal
    figure: float
    detail: str
    cpu: float | None
    others: float

    @property
    def met(self) -> bool | None:
        """Return whether the goal is met, None where there is none."""
        if self.goal.target is None:
            return None
        if self.goal.at_most:
            return self.figure <= self.goal.target
        return self.figure >= self.goal.target


@dataclass(frozen=True, slots=True)
class Sample:
    """What one turn came to: rate a second, processor µs and ms until an answer."""

    rate: float
    cpu_us: float
    p50_ms: float
    p99_ms: float
    worst_ms: float
    client_cpu: float

    def __str__(self) -> str:
        bound = ", client-bound" if self.client_cpu > CLIENT_BOUND else ""
        return (
            f"{self.rate:,.0f}/s, {self.cpu_us:.0f} µs CPU, "
            f"p50 {self.p50_ms:.1f} p99 {self.p99_ms:.1f} ms{bound}"
        )


class OthersMonitor:
    """Tells what share of the two cores went to others while it looked."""

    def __enter__(self) -> Self:
        self._begun = perf_counter(), machine.busy_seconds(), _ours()
        self.others = 0.0
        return self

    def __exit__(self, *_: object) -> None:
        begun, busy, ours = self._begun
        passed = max(perf_counter() - begun, 1e-9) * len(
            {machine.SERVER_CORE, machine.CLIENT_CORE}
        )
        theirs = machine.busy_seconds() - busy - (_ours() - ours)
        self.others = min(1.0, max(0.0, theirs / passed))


def load(server: Server, requests: Iterable[bytes], seconds: float) -> Sample:
    """Return what the server made of the requests within the seconds."""
    spent = server.cpu_seconds
    came = drive(server.port, requests, seconds=seconds)
    _all_good(came)
    return Sample(
        rate=came.rate,
        cpu_us=(server.cpu_seconds - spent) / came.answered * 1e6,
        p50_ms=came.latency_ms(0.5),
        p99_ms=came.latency_ms(0.99),
        worst_ms=came.latency_ms(1),
        client_cpu=came.client_cpu,
    )


def alternate(
    turns: dict[str, Callable[[], Sample]], rounds: int = ROUNDS
) -> dict[str, list[Sample]]:
    """Return the samples of each, taken in turns; a first round warms up."""
    for turn in turns.values():
        turn()
    taken: dict[str, list[Sample]] = {name: [] for name in turns}
    for _ in range(rounds):
        for name, turn in turns.items():
            taken[name].append(turn())
    return taken


def middle(samples: Iterable[Sample]) -> Sample:
    """Return the middle of each figure."""
    taken = list(samples)
    return Sample(
        *(median(getattr(each, name) for each in taken) for name in Sample.__slots__)
    )


def ratio(above: Iterable[float], below: Iterable[float]) -> float:
    """Return the middle of the ratios of two that took turns."""
    return median(one / other for one, other in zip(above, below, strict=True))


def compare(
    goal: Goal, subject: list[Sample], other: list[Sample], name: str, others: float
) -> Row:
    """Return the row that compares rates and CPU of two that took turns."""
    return goal.row(
        ratio((each.rate for each in subject), (each.rate for each in other)),
        f"{middle(subject)}; {name} {middle(other)}",
        cpu=ratio((each.cpu_us for each in other), (each.cpu_us for each in subject)),
        others=others,
    )


def _ours() -> float:
    """Return the processor time of this process and of all that it started."""
    used = os.times()
    here = used.user + used.system + used.children_user + used.children_system
    return here + sum(each.cpu_seconds for each in Server.running)


def _all_good(came: Load) -> None:
    if came.refused or not came.accepted:
        content = ", ".join(f"{n} times {status}" for status, n in came.refused.items())
        raise RuntimeError(f"the load was refused: {content or 'no answer'}")
