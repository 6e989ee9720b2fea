"""Closing: when all has been told, wait for rest, audit, and sum up.

Law: what senders saw comes from their book, what happened from the doors; a book that
breaks off is no result.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loadtests import figures
from loadtests import result as results
from loadtests import target as targets
from loadtests.audit import Audit
from loadtests.evidence import HttpProbe, Mailboxes, read_listing
from loadtests.present import now
from loadtests.result import Result, RunInfo
from loadtests.senders import DeliveryResult
from loadtests.shapes import SHAPES
from strikeplate.served import wait
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from loadtests.bookings import BookingScript
    from loadtests.run import Run

FIRST_PAUSE_SECONDS = 0.5
LOG_TAIL = 3000


@dataclass(frozen=True)
class DeliveryLog:
    """What all senders saw."""

    results: Sequence[DeliveryResult]
    client_bound: bool

    def unaccepted(self, scripts: Sequence[BookingScript]) -> set[str]:
        """Return the ids of events that were never taken."""
        accepted = {(each.script, each.nth) for each in self.results if each.accepted}
        told = {
            delivery.event.id
            for script in scripts
            for nth, delivery in enumerate(script.deliveries)
            if (script.number, nth) in accepted
        }
        return {e.id for script in scripts for e in script.history} - told


def collect_result(run: Run, settle_timeout: float) -> Result:
    """Return the result of a run once everything is sent and settled."""
    log, scripts = _read(run.folder), run.scripts()
    unaccepted = log.unaccepted(scripts)
    settled = _wait_until_settled(run, scripts, unaccepted, settle_timeout)
    audit = _audit(run, unaccepted)
    findings = audit.findings(scripts)
    found, final = results.count_hazards(findings)
    samples, fault_periods = run.monitor.samples, run.schedule.periods
    timings = _timings(run, audit, scripts)
    told = {i.number: _codes(audit, i) for i in scripts}
    firsts = [each for each in log.results if each.attempt == 1]
    return Result(
        info=_info(run, client_bound=log.client_bound),
        bookings=len(scripts),
        attempts=len(log.results),
        failures=sum(not each.accepted for each in log.results),
        answers=figures.distribution(
            each.seconds for each in log.results if each.accepted
        ),
        lateness=figures.distribution(each.sent - each.wanted for each in firsts),
        to_code=_to_code(timings, during_fault=False),
        to_code_during_faults=_to_code(timings, during_fault=True),
        to_message=figures.by_vendor((w.vendor, w.to_message) for w in timings),
        exposed=figures.by_vendor(
            figures.exposures(scripts, run.monitor.removed_at, told)
        ),
        hazards=found,
        not_revocable=final,
        listing_interval=results.mean_gap(run.monitor.listed),
        converged=settled,
        recovered=results.recovery(timings, fault_periods),
        growth=results.growth_by_process(samples),
        cpu_share=results.cpu_used(samples, results.elapsed(samples)),
        cpu_per_booking=results.cpu_used(samples, len(scripts)),
        findings=findings,
        delivery_results=log.results,
        timings=timings,
        samples=samples,
    )


def _timings(
    run: Run, audit: Audit, scripts: Sequence[BookingScript]
) -> list[figures.CodeTiming]:
    listing, mailboxes = audit.listing, audit.mailboxes
    periods = run.schedule.periods
    return list(figures.timings(scripts, listing, mailboxes, run.started_at, periods))


def _read(folder: Path) -> DeliveryLog:
    lines = (folder / "deliveries.ndjson").read_text(encoding="utf-8").splitlines()
    *listing, last = map(json.loads, lines) if lines else ({},)
    if not isinstance(last, dict) or not last.get("over"):
        words = (folder / "locust.log").read_text(errors="replace")
        raise HarnessFault(f"the senders broke off: {words[-LOG_TAIL:]}")
    return DeliveryLog(
        [DeliveryResult(*entry) for entry in listing], bool(last["client_bound"])
    )


def _wait_until_settled(
    run: Run,
    scripts: Sequence[BookingScript],
    unaccepted: Collection[str],
    settle_timeout: float,
) -> float | None:
    """Wait until nothing is pending; return how long after the last event that was."""
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
    """Return an audit of what is so at this moment."""
    worlds = {each.world for each in run.plan.resources}
    return Audit(
        dialects=targets.dialects(),
        listing=read_listing(run.target.fakes, worlds),
        mailboxes=Mailboxes(run.target.mails),
        doors=HttpProbe(run.target.fakes),
        started_at=run.started_at,
        now=now(),
        unaccepted=unaccepted,
    )


def _codes(audit: Audit, script: BookingScript) -> set[str]:
    dialect = audit.dialects[script.resource.vendor]
    return {told.code for told in audit.mailboxes.codes(script.final.customer, dialect)}


def _to_code(
    timings: Sequence[figures.CodeTiming], *, during_fault: bool
) -> dict[str, figures.Distribution]:
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
