"""One run: set up the target, let Locust send, inject faults, collect the result.

Invariants: Locust only sends; faults and samples are this module's. The senders say
when the run starts, since they may have to be waited for. An incomplete delivery log is
an error and no result.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from loadtests import now
from loadtests import result as figures
from loadtests.audit import Audit, HttpProbe, Mailboxes, read_listing
from loadtests.fault_schedule import read_schedule
from loadtests.monitor import INTERVAL_SECONDS, Monitor
from loadtests.result import Result, RunInfo
from loadtests.sending import DELIVERIES, DeliveryResult
from loadtests.target import provision, vocabularies
from loadtests.workload import SHAPES, generate_workload
from strikeplate import module, variables
from strikeplate.processes import wait
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from loadtests.fault_schedule import FaultSchedule
    from loadtests.monitor import Sample
    from loadtests.result import CodeTiming, Distribution
    from loadtests.target import ExternalTarget, LoadOptions, LocalTarget
    from loadtests.workload import BookingScript, LoadPlan


LOCUSTFILE = Path(__file__).with_name("locustfile.py")
TICK_SECONDS = 0.1
START_TIMEOUT_SECONDS = 120.0
LOG_TAIL = 3000


@dataclass(frozen=True)
class LocustOptions:
    """How Locust runs: concurrent deliveries, and who starts the processes."""

    concurrency: int = 50
    processes: int = 1  # started here
    workers: int = 0  # started elsewhere, awaited here
    port: int = 5557

    @property
    def arguments(self) -> list[str]:
        """The arguments for Locust."""
        if self.workers:
            awaited = ["--master", "--expect-workers", str(self.workers)]
            return [*awaited, "--master-bind-port", str(self.port)]
        several = ["--processes", str(self.processes)] if self.processes > 1 else []
        return [*several, "--master-bind-port", str(self.port)] if several else []


@dataclass
class Run:
    """A run in progress."""

    target: LocalTarget | ExternalTarget
    plan: LoadPlan
    schedule: FaultSchedule
    folder: Path
    started_at: datetime
    senders: int
    monitor: Monitor

    def scripts(self) -> list[BookingScript]:
        """Return the workload, as every sender generated it."""
        return generate_workload(self.plan, self.started_at)


def execute(
    target: LocalTarget | ExternalTarget,
    options: LoadOptions,
    locust_options: LocustOptions,
    folder: Path,
    on_sample: Callable[[Sample], None],
) -> Result:
    """Execute a run and return its result; `on_sample` gets each sample at once."""
    plan = provision(target, options)
    schedule = read_schedule(options.faults, plan, vocabularies())
    to_json = _write(plan, folder)
    with (folder / "locust.log").open("wb") as log:
        locust = subprocess.Popen(  # noqa: S603 - our own file
            _command(folder, locust_options),
            env=variables(),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            started_at, senders = _await_start(locust, folder)
            monitor = Monitor(target, plan, started_at, on_sample)
            run = Run(target, plan, schedule, folder, started_at, senders, monitor)
            _monitor_run(run, locust)
        finally:
            locust.terminate()
            locust.wait()
            to_json.unlink()
    return collect_result(run, options.settle_timeout)


def empty(folder: Path) -> Path:
    """Return the folder, created or emptied."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _write(plan: LoadPlan, folder: Path) -> Path:
    """Write the plan to a file that only this user may read; return its path."""
    path = folder / "plan.json"
    path.touch(mode=0o600)
    path.write_text(plan.to_json(), encoding="utf-8")
    return path


def _command(folder: Path, locust_options: LocustOptions) -> list[str]:
    return [
        *(*module("locust"), "-f", str(LOCUSTFILE), "--headless"),
        *("-u", str(locust_options.concurrency), "-r", str(locust_options.concurrency)),
        *("--folder", str(folder), "--html", str(folder / "locust.html")),
        *("--only-summary", *locust_options.arguments),
    ]


def _await_start(locust: subprocess.Popen[bytes], folder: Path) -> tuple[datetime, int]:
    """Return when the run starts, and the number of senders."""
    started = folder / "started.json"
    waited = 0.0
    while not started.exists():
        if locust.poll() is not None or waited > START_TIMEOUT_SECONDS:
            words = (folder / "locust.log").read_text(errors="replace")
            raise HarnessFault(f"Locust did not start: {words[-LOG_TAIL:]}")
        wait(TICK_SECONDS)
        waited += TICK_SECONDS
    content = json.loads(started.read_text(encoding="utf-8"))
    return datetime.fromisoformat(content["started_at"]), int(content["senders"])


def _monitor_run(run: Run, locust: subprocess.Popen[bytes]) -> None:
    """Inject faults and take samples until everything is sent."""
    next_sample = 0.0
    while locust.poll() is None:
        second = run.monitor.second
        run.schedule.inject_due(run.target.fakes, second)
        if second >= next_sample:
            run.monitor.take_sample()
            next_sample = second + INTERVAL_SECONDS
        wait(TICK_SECONDS)


FIRST_PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class DeliveryLog:
    """The results of all senders."""

    results: Sequence[DeliveryResult]
    client_bound: bool

    def unaccepted(self, scripts: Sequence[BookingScript]) -> set[str]:
        """Return the ids of events that were never accepted."""
        accepted = {(each.script, each.nth) for each in self.results if each.accepted}
        accepted_ids = {
            delivery.event.id
            for script in scripts
            for nth, delivery in enumerate(script.deliveries)
            if (script.number, nth) in accepted
        }
        return {e.id for script in scripts for e in script.history} - accepted_ids


def collect_result(run: Run, settle_timeout: float) -> Result:
    """Return the result of a run once everything is sent and settled."""
    log, scripts = _read_log(run.folder), run.scripts()
    unaccepted = log.unaccepted(scripts)
    settled = _wait_until_settled(run, scripts, unaccepted, settle_timeout)
    audit = _audit(run, unaccepted)
    findings = audit.findings(scripts)
    found, final = figures.count_hazards(findings)
    samples, fault_periods = run.monitor.samples, run.schedule.periods
    timings = _timings(run, audit, scripts)
    codes = {i.number: _codes(audit, i) for i in scripts}
    first = [each for each in log.results if each.attempt == 1]
    return Result(
        info=_info(run, client_bound=log.client_bound),
        bookings=len(scripts),
        attempts=len(log.results),
        failures=sum(not each.accepted for each in log.results),
        answers=figures.distribution(
            each.seconds for each in log.results if each.accepted
        ),
        lateness=figures.distribution(each.sent - each.wanted for each in first),
        to_code=_to_code(timings, during_fault=False),
        to_code_during_faults=_to_code(timings, during_fault=True),
        to_message=figures.by_vendor((w.vendor, w.to_message) for w in timings),
        exposed=figures.by_vendor(
            figures.exposures(scripts, run.monitor.removed_at, codes)
        ),
        hazards=found,
        not_revocable=final,
        listing_interval=figures.mean_gap(run.monitor.listed),
        converged=settled,
        recovered=figures.recovery(timings, fault_periods),
        growth=figures.growth_by_process(samples),
        cpu_share=figures.cpu_used(samples, figures.elapsed(samples)),
        cpu_per_booking=figures.cpu_used(samples, len(scripts)),
        findings=findings,
        delivery_results=log.results,
        timings=timings,
        samples=samples,
    )


def _timings(
    run: Run, audit: Audit, scripts: Sequence[BookingScript]
) -> list[CodeTiming]:
    listing, mailboxes = audit.listing, audit.mailboxes
    periods = run.schedule.periods
    return list(figures.timings(scripts, listing, mailboxes, run.started_at, periods))


def _read_log(folder: Path) -> DeliveryLog:
    lines = (folder / DELIVERIES).read_text(encoding="utf-8").splitlines()
    *listing, last = map(json.loads, lines) if lines else ({},)
    if not isinstance(last, dict) or not last.get("over"):
        words = (folder / "locust.log").read_text(errors="replace")
        raise HarnessFault(f"the delivery log is incomplete: {words[-LOG_TAIL:]}")
    return DeliveryLog(
        [DeliveryResult(*entry) for entry in listing], bool(last["client_bound"])
    )


def _wait_until_settled(
    run: Run,
    scripts: Sequence[BookingScript],
    unaccepted: Collection[str],
    settle_timeout: float,
) -> float | None:
    """Wait until no booking is pending; return the seconds since the last event."""
    last = max(delivery.at for script in scripts for delivery in script.deliveries)
    pause = FIRST_PAUSE_SECONDS
    while True:
        before = run.monitor.second
        pending = _audit(run, unaccepted).pending(scripts)
        run.monitor.take_sample()
        if not pending:
            return round(max(before - last, 0.0), 1)
        if before - last > settle_timeout:
            return None
        wait(max(pause, (run.monitor.second - before) * 2))


def _audit(run: Run, unaccepted: Collection[str]) -> Audit:
    """Return an audit of the present state."""
    worlds = {each.world for each in run.plan.resources}
    return Audit(
        vocabularies=vocabularies(),
        listing=read_listing(run.target.fakes, worlds),
        mailboxes=Mailboxes(run.target.mails),
        doors=HttpProbe(run.target.fakes),
        started_at=run.started_at,
        now=now(),
        unaccepted=unaccepted,
    )


def _codes(audit: Audit, script: BookingScript) -> set[str]:
    vocabulary = audit.vocabularies[script.resource.vendor]
    return {
        each.code for each in audit.mailboxes.codes(script.final.customer, vocabulary)
    }


def _to_code(
    timings: Sequence[CodeTiming], *, during_fault: bool
) -> dict[str, Distribution]:
    asked = [timing for timing in timings if timing.during_fault == during_fault]
    return figures.by_vendor((timing.vendor, timing.to_code) for timing in asked)


def _info(run: Run, *, client_bound: bool) -> RunInfo:
    plan = run.plan
    return RunInfo(
        subject=run.target.name,
        run=plan.run,
        started_at=run.started_at.isoformat(timespec="seconds"),
        shape=plan.shape,
        about=SHAPES[plan.shape].about,
        seconds=plan.seconds,
        rate=plan.rate,
        seed=plan.seed,
        faults=run.schedule.name,
        faults_about=run.schedule.about,
        vendors=tuple(dict.fromkeys(each.vendor for each in plan.resources)),
        doors=len(plan.resources),
        senders=run.senders,
        client_bound=client_bound,
        fault_periods=run.schedule.periods,
    )
