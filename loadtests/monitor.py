"""The watch: looks at a run while it goes on, once a second or less often.

Law: looking costs little. What is a list of everything is asked for the more rarely the
longer the answer takes, so that the watch never takes more than a small share of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil

from loadtests.evidence import read_listing
from loadtests.present import now
from strikeplate.call import NoAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from loadtests.plan import DoorRef, LoadPlan
    from loadtests.target import ExternalTarget, LocalTarget
    from strikeplate.served import Process

INTERVAL_SECONDS = 1.0
SHARE = 0.02  # of the time, at most, for looking at all codes
CALLS = re.compile(
    r'^strikeplate_fakes_calls_total\{status="(\w+)",vendor="(\w+)"\} (\S+)',
    re.MULTILINE,
)
MEGABYTE = 1e6


@dataclass(frozen=True)
class Sample:
    """What was to be seen at one second of the run."""

    second: float
    work: int | None
    mails: int
    calls: Mapping[str, int]  # so far, by vendor and status
    memory: Mapping[str, float]  # megabytes, by process
    cpu_seconds: Mapping[str, float]  # seconds of processor time so far, by process


@dataclass
class Monitor:
    """Looks, and when codes were last seen and had gone."""

    target: LocalTarget | ExternalTarget
    plan: LoadPlan
    started_at: datetime
    samples: list[Sample] = field(default_factory=list)
    removed_at: dict[tuple[DoorRef, str], float] = field(
        default_factory=dict
    )  # door and code
    listed: list[float] = field(default_factory=list)  # when all codes were looked at
    _last_listing: set[tuple[DoorRef, str]] = field(default_factory=set)
    _next_list: float = 0.0

    @property
    def second(self) -> float:
        """Seconds since the run began."""
        return (now() - self.started_at).total_seconds()

    def take_sample(self) -> None:
        """Look once."""
        processes = self.target.processes
        self.samples.append(
            Sample(
                second=self.second,
                work=self.target.work(),
                mails=len(self.target.mails),
                calls=self._calls(),
                memory={name: _memory(each) for name, each in processes.items()},
                cpu_seconds={
                    name: _cpu_seconds(each) for name, each in processes.items()
                },
            )
        )
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
        self._next_list = self.second + max(INTERVAL_SECONDS, took / SHARE)

    def _calls(self) -> dict[str, int]:
        try:
            told = self.target.fakes.vendors("GET", "/metrics").text
        except NoAnswer:
            return {}
        found = CALLS.findall(told)
        return {f"{v} {status}": int(float(n)) for status, v, n in found}


def _family(process: Process) -> list[psutil.Process]:
    try:
        head = psutil.Process(process.pid)
        return [head, *head.children(recursive=True)]
    except psutil.Error:
        return []


def _memory(process: Process) -> float:
    """Return what a process and its children hold, in megabytes."""
    total = 0
    for each in _family(process):
        try:
            total += each.memory_info().rss
        except psutil.Error:
            continue
    return total / MEGABYTE


def _cpu_seconds(process: Process) -> float:
    """Return how long a process and its children have kept a processor busy."""
    total = 0.0
    for each in _family(process):
        try:
            times = each.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return total
