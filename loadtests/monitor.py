"""The monitor: takes samples of a run, about once a second.

Invariants: sampling costs little. The list of all codes is requested less often the
longer its answer takes, so that listing takes at most 2 % of the time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil

from loadtests import now
from loadtests.audit import read_listing
from strikeplate.http import NoAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from loadtests.target import ExternalTarget, LocalTarget
    from loadtests.workload import DoorRef, LoadPlan
    from strikeplate.processes import Process

INTERVAL_SECONDS = 1.0
LISTING_SHARE = 0.02  # of the time, at most, for listing all codes
CALLS = re.compile(
    r'^strikeplate_fakes_calls_total\{status="(\w+)",vendor="(\w+)"\} (\S+)',
    re.MULTILINE,
)
MEGABYTE = 1e6


@dataclass(frozen=True)
class Sample:
    """The state of a run at one second."""

    second: float
    work: int | None
    mails: int
    calls: Mapping[str, int]  # so far, by vendor and status
    memory: Mapping[str, float]  # megabytes, by process
    cpu_seconds: Mapping[str, float]  # CPU seconds so far, by process


@dataclass
class Monitor:
    """The samples of a run, and when codes were seen to be removed."""

    target: LocalTarget | ExternalTarget
    plan: LoadPlan
    started_at: datetime
    on_sample: Callable[[Sample], None] = lambda _: None
    samples: list[Sample] = field(default_factory=list)
    removed_at: dict[tuple[DoorRef, str], float] = field(
        default_factory=dict
    )  # door and code
    listed: list[float] = field(default_factory=list)  # when all codes were listed
    _last_listing: set[tuple[DoorRef, str]] = field(default_factory=set)
    _next_list: float = 0.0

    @property
    def second(self) -> float:
        """Seconds since the run started."""
        return (now() - self.started_at).total_seconds()

    def take_sample(self) -> None:
        """Take one sample, and list the codes where that is due."""
        processes = self.target.processes
        sample = Sample(
            second=self.second,
            work=self.target.work(),
            mails=len(self.target.mails),
            calls=self._calls(),
            memory={name: _memory(each) for name, each in processes.items()},
            cpu_seconds={name: _cpu_seconds(each) for name, each in processes.items()},
        )
        self.samples.append(sample)
        self.on_sample(sample)
        if self.second >= self._next_list:
            self._list()

    def _list(self) -> None:
        before = self.second
        self.listed.append(before)
        worlds = {each.world for each in self.plan.resources}
        listed = read_listing(self.target.fakes, worlds).keys()
        for key in self._last_listing - listed:
            self.removed_at.setdefault(key, before)
        self._last_listing = listed
        took = self.second - before
        self._next_list = self.second + max(INTERVAL_SECONDS, took / LISTING_SHARE)

    def _calls(self) -> dict[str, int]:
        try:
            metrics = self.target.fakes.vendors("GET", "/metrics").text
        except NoAnswer:
            return {}
        found = CALLS.findall(metrics)
        return {f"{v} {status}": int(float(n)) for status, v, n in found}


def _family(process: Process) -> list[psutil.Process]:
    try:
        head = psutil.Process(process.pid)
        return [head, *head.children(recursive=True)]
    except psutil.Error:
        return []


def _memory(process: Process) -> float:
    """Return the memory of a process and its children, in megabytes."""
    total = 0
    for each in _family(process):
        try:
            total += each.memory_info().rss
        except psutil.Error:
            continue
    return total / MEGABYTE


def _cpu_seconds(process: Process) -> float:
    """Return the CPU seconds of a process and its children so far."""
    total = 0.0
    for each in _family(process):
        try:
            times = each.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return total
