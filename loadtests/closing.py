"""Closing: when all has been told, wait for rest, audit, and sum up.

Law: what senders saw comes from their book, what happened from the doors; a book that
breaks off is no result.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loadtests import figures
from loadtests import house as housing
from loadtests import result as results
from loadtests.audit import Audit
from loadtests.evidence import Doors, Post, read_rows
from loadtests.present import now
from loadtests.result import Course, Result
from loadtests.senders import Seen
from loadtests.shapes import SHAPES
from strikeplate.served import wait
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from loadtests.bookings import Intent
    from loadtests.run import Run

FIRST_LOOK_SECONDS = 0.5
LAST_WORDS = 3000


@dataclass(frozen=True)
class Book:
    """What all senders saw."""

    seen: Sequence[Seen]
    client_bound: bool

    def untaken(self, intents: Sequence[Intent]) -> set[str]:
        """Return the ids of events that were never taken."""
        taken = {(each.intent, each.nth) for each in self.seen if each.taken}
        told = {
            telling.event.id
            for intent in intents
            for nth, telling in enumerate(intent.tellings)
            if (intent.number, nth) in taken
        }
        return {e.id for intent in intents for e in intent.history} - told


def conclude(run: Run, patience: float) -> Result:
    """Return what came of a run that has been told, once it has come to rest."""
    book, intents = _read(run.folder), run.intents()
    untaken = book.untaken(intents)
    rested = _rest(run, intents, untaken, patience)
    audit = _audit(run, untaken)
    findings = audit.findings(intents)
    found, final = results.counted(findings)
    trouble = run.weather.times
    ways = list(figures.ways(intents, audit.rows, audit.post, run.begun, trouble))
    told = {i.number: _codes(audit, i) for i in intents}
    firsts = [each for each in book.seen if each.attempt == 1]
    return Result(
        course=_course(run, client_bound=book.client_bound),
        bookings=len(intents),
        attempts=len(book.seen),
        failures=sum(not each.taken for each in book.seen),
        answers=figures.spread(each.seconds for each in book.seen if each.taken),
        lateness=figures.spread(each.sent - each.wanted for each in firsts),
        to_code=_to_code(ways, in_trouble=False),
        to_code_in_trouble=_to_code(ways, in_trouble=True),
        to_message=figures.by_vendor((w.vendor, w.to_message) for w in ways),
        exposed=figures.by_vendor(figures.exposures(intents, run.watch.gone, told)),
        hazards=found,
        beyond_recall=final,
        listed_every=results.between(run.watch.listed),
        converged=rested,
        recovered=results.recovery(ways, trouble),
        growth=results.grown(run.watch.looks),
        busy=results.worked(run.watch.looks, results.passed(run.watch.looks)),
        cost=results.worked(run.watch.looks, len(intents)),
        findings=findings,
        seen=book.seen,
        ways=ways,
        looks=run.watch.looks,
    )


def _read(folder: Path) -> Book:
    lines = (folder / "seen.ndjson").read_text(encoding="utf-8").splitlines()
    *rows, last = map(json.loads, lines) if lines else ({},)
    if not isinstance(last, dict) or not last.get("over"):
        words = (folder / "locust.log").read_text(errors="replace")
        raise HarnessFault(f"the senders broke off: {words[-LAST_WORDS:]}")
    return Book([Seen(*row) for row in rows], bool(last["client_bound"]))


def _rest(
    run: Run, intents: Sequence[Intent], untaken: Collection[str], patience: float
) -> float | None:
    """Wait until nothing is pending; return how long after the last event that was."""
    last = max(telling.at for intent in intents for telling in intent.tellings)
    pause = FIRST_LOOK_SECONDS
    while True:
        before = run.watch.second
        pending = _audit(run, untaken).pending(intents)
        run.watch.look()
        if not pending:
            return round(max(before - last, 0.0), 1)
        if before - last > patience:
            return None
        wait(max(pause, (run.watch.second - before) * 2))


def _audit(run: Run, untaken: Collection[str]) -> Audit:
    """Return an audit of what is so at this moment."""
    worlds = {each.world for each in run.stage.resources}
    return Audit(
        dialects=housing.dialects(),
        rows=read_rows(run.house.fakes, worlds),
        post=Post(run.house.letters),
        doors=Doors(run.house.fakes),
        begun=run.begun,
        now=now(),
        untaken=untaken,
    )


def _codes(audit: Audit, intent: Intent) -> set[str]:
    dialect = audit.dialects[intent.resource.vendor]
    return {told.code for told in audit.post.codes(intent.final.customer, dialect)}


def _to_code(
    ways: Sequence[figures.Way], *, in_trouble: bool
) -> dict[str, figures.Spread]:
    asked = [way for way in ways if way.in_trouble == in_trouble]
    return figures.by_vendor((way.vendor, way.to_code) for way in asked)


def _course(run: Run, *, client_bound: bool) -> Course:
    stage = run.stage
    return Course(
        subject=run.house.name,
        run=stage.run,
        begun=run.begun.isoformat(timespec="seconds"),
        shape=stage.shape,
        about=SHAPES[stage.shape].about,
        seconds=stage.seconds,
        rate=stage.rate,
        seed=stage.seed,
        faults=run.weather.name,
        faults_about=run.weather.about,
        vendors=tuple(dict.fromkeys(each.vendor for each in stage.resources)),
        doors=len(stage.resources),
        senders=run.senders,
        client_bound=client_bound,
        trouble=run.weather.times,
    )
