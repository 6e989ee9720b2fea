"""One run from curtain to curtain: furnish, let Locust send, look on, conclude.

Law: Locust sends and does nothing else; trouble is ordered, and looks are taken, from
here. When it begins is the senders' own word, since they may have to be waited for.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from loadtests import bookings, collect
from loadtests import target as targets
from loadtests.fault_schedule import read_schedule
from loadtests.monitor import INTERVAL_SECONDS, Monitor
from loadtests.provision import provision
from strikeplate.served import wait
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from loadtests.bookings import BookingScript
    from loadtests.fault_schedule import FaultSchedule
    from loadtests.plan import LoadPlan
    from loadtests.provision import LoadOptions
    from loadtests.result import Result
    from loadtests.target import ExternalTarget, LocalTarget

LOCUSTFILE = Path(__file__).with_name("locustfile.py")
TICK_SECONDS = 0.1
START_TIMEOUT_SECONDS = 120.0
LOG_TAIL = 3000


@dataclass(frozen=True)
class LocustOptions:
    """Who sends: so many platforms at once, in how many processes of whom."""

    concurrency: int = 50
    processes: int = 1  # started here
    workers: int = 0  # started by others, awaited here
    port: int = 5557

    @property
    def arguments(self) -> list[str]:
        """What Locust is told."""
        if self.workers:
            awaited = ["--master", "--expect-workers", str(self.workers)]
            return [*awaited, "--master-bind-port", str(self.port)]
        several = ["--processes", str(self.processes)] if self.processes > 1 else []
        return [*several, "--master-bind-port", str(self.port)] if several else []


@dataclass
class Run:
    """A run under way."""

    target: LocalTarget | ExternalTarget
    plan: LoadPlan
    schedule: FaultSchedule
    folder: Path
    started_at: datetime
    senders: int
    monitor: Monitor

    def scripts(self) -> list[BookingScript]:
        """Return the play, as every sender knew it."""
        return bookings.generate_workload(self.plan, self.started_at)


def execute(
    target: LocalTarget | ExternalTarget,
    options: LoadOptions,
    locust_options: LocustOptions,
    folder: Path,
) -> Result:
    """Return what came of a run."""
    plan = provision(target, options)
    schedule = read_schedule(options.faults, plan, targets.dialects())
    to_json = _write(plan, folder)
    with (folder / "locust.log").open("wb") as log:
        locust = subprocess.Popen(  # noqa: S603 - our own file
            _command(folder, locust_options), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            started_at, senders = _await_start(locust, folder)
            monitor = Monitor(target, plan, started_at)
            run = Run(target, plan, schedule, folder, started_at, senders, monitor)
            _monitor_run(run, locust)
        finally:
            locust.terminate()
            locust.wait()
            to_json.unlink()
    return collect.collect_result(run, options.settle_timeout)


def empty(folder: Path) -> Path:
    """Return the folder, with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _write(plan: LoadPlan, folder: Path) -> Path:
    """Return the stage's file, for this user alone and no longer than it is needed."""
    path = folder / "plan.json"
    path.touch(mode=0o600)
    path.write_text(plan.to_json(), encoding="utf-8")
    return path


def _command(folder: Path, locust_options: LocustOptions) -> list[str]:
    return [
        *(sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless"),
        *("-u", str(locust_options.concurrency), "-r", str(locust_options.concurrency)),
        *("--folder", str(folder), "--html", str(folder / "locust.html")),
        *("--only-summary", *locust_options.arguments),
    ]


def _await_start(locust: subprocess.Popen[bytes], folder: Path) -> tuple[datetime, int]:
    """Return when the run begins, and how many send."""
    told = folder / "started.json"
    waited = 0.0
    while not told.exists():
        if locust.poll() is not None or waited > START_TIMEOUT_SECONDS:
            words = (folder / "locust.log").read_text(errors="replace")
            raise HarnessFault(f"Locust did not begin: {words[-LOG_TAIL:]}")
        wait(TICK_SECONDS)
        waited += TICK_SECONDS
    started_at = json.loads(told.read_text(encoding="utf-8"))
    return datetime.fromisoformat(started_at["started_at"]), int(started_at["senders"])


def _monitor_run(run: Run, locust: subprocess.Popen[bytes]) -> None:
    """Order the trouble and look, until all has been told."""
    next_sample = 0.0
    while locust.poll() is None:
        second = run.monitor.second
        run.schedule.inject(run.target.fakes, second)
        if second >= next_sample:
            run.monitor.take_sample()
            next_sample = second + INTERVAL_SECONDS
        wait(TICK_SECONDS)
