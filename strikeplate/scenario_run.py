"""One scenario run in progress, and the recorder of all runs of a session.

The hooks report to `ScenarioRun`. It keeps the steps, the transcript and the values to
redact, knows the phase of the scenario, classifies how it ended, and gives a RunResult
and its RunDetail to `RunRecorder`.

how it ended                                   verdict
nothing was raised                             pass
Inconclusive, NotApplicable                    as said
HarnessFault, an undefined step, any skip      error
anything else while a Given ran                inconclusive
anything else while a When or Then ran         fail (warn under SHOULD, pass under MAY)
anything else: fixtures, parsers, teardown     error

Invariants: secrets are blanked and values that vary between runs get a fixed name, so
results can be published and are equal for one seed. Nothing is removed from a
transcript.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

import pytest
from pytest_bdd.exceptions import StepDefinitionNotFoundError

from strikeplate.cause import grouped
from strikeplate.provenance import Provenance, Stopwatch, start
from strikeplate.results import (
    FAILED,
    PASSED,
    Results,
    RunDetail,
    RunResult,
    StepResult,
)
from strikeplate.seen import seen_throughout
from strikeplate.summary import (
    NOT_RUN,
    Summary,
    known_reason,
    requirement_results,
    stale_entries,
)
from strikeplate.transcript import Redact, Transcript
from strikeplate.verdict import (
    ENDED_BY_CLOCK,
    HarnessFault,
    NotApplicable,
    Unjudged,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_bdd.parser import Step as Parsed

    from strikeplate.allotment import Bound
    from strikeplate.config import RunConfig
    from strikeplate.results import RunKey
    from strikeplate.seen import Seen

LONGEST_REASON = 300
RUNS = "scenario runs"


class Phase(Enum):
    """Where a scenario was when it ended."""

    GIVEN = "given"
    ACT = "act"
    AROUND = "around"


@dataclass(frozen=True)
class Outcome:
    """A verdict with its reason; a pass has a reason only when a MAY was not met."""

    verdict: Verdict
    reason: str | None = None


BY_LEVEL = {"SHOULD": Verdict.WARN, "MAY": Verdict.PASS}
"""The verdict of an unmet rule, where it is not a fail."""


def classify(ended: BaseException | None, phase: Phase, level: str) -> Outcome:
    """Return the outcome of a scenario that ended so in that phase."""
    if ended is None:
        return Outcome(Verdict.PASS)
    if isinstance(ended, Unjudged):
        return Outcome(ended.verdict, first_line(ended))
    if fault := _harness_fault(ended):
        return Outcome(Verdict.ERROR, fault)
    if phase is Phase.AROUND:
        return Outcome(Verdict.ERROR, f"the harness broke: {described(ended)}")
    if phase is Phase.GIVEN:
        return Outcome(Verdict.INCONCLUSIVE, f"not set up: {described(ended)}")
    return Outcome(BY_LEVEL.get(level, Verdict.FAIL), described(ended))


def _harness_fault(ended: BaseException) -> str | None:
    if isinstance(ended, (HarnessFault, StepDefinitionNotFoundError)):
        return first_line(ended)
    if isinstance(ended, pytest.skip.Exception):
        return f"skipped without a verdict: {first_line(ended) or 'no reason given'}"
    return None


def described(ended: BaseException) -> str:
    """Return in one line what was raised: the failed assertion, or the error."""
    if isinstance(ended, (AssertionError, pytest.fail.Exception)):
        return first_line(ended) or "an assertion without a message did not hold"
    return f"{type(ended).__name__}: {first_line(ended)}".removesuffix(": ")


def first_line(ended: BaseException) -> str:
    """Return the first line of a message, cut to 300 characters."""
    lines = [line.strip() for line in str(ended).splitlines() if line.strip()]
    text = lines[0] if lines else ""
    if len(text) <= LONGEST_REASON:
        return text
    return text[: LONGEST_REASON - 1] + "…"


@dataclass
class ScenarioRun:
    """One scenario run, and what happened so far."""

    blank: RunResult
    level: str
    lacks: str | None = None
    bound: Mapping[str, Bound] = field(default_factory=dict)
    """The declared resource that stands for each name of the scenario, if any does."""

    written: tuple[datetime, ...] = ()
    """The instants that its steps name."""

    redact: Redact = field(default_factory=Redact)
    transcript: Transcript = field(default_factory=Transcript)
    outcome: Outcome = field(default_factory=lambda: Outcome(Verdict.UNTESTED))
    message: str = ""
    began: float = 0.0
    seconds: float = 0.0
    """When it began and how long it took, by the real clock."""

    steps: list[StepResult] = field(default_factory=list)
    phase: Phase = Phase.AROUND
    first: bool = True
    """Whether it is the first time that the scenario is played."""

    @property
    def plays_again(self) -> bool:
        """Whether it judged nothing, since our clock has ended the subject."""
        return self.first and ENDED_BY_CLOCK in (self.outcome.reason or "")

    def anew(self) -> ScenarioRun:
        """Return the run that takes its place."""
        own = self.blank, self.level, self.lacks, self.bound, self.written
        return ScenarioRun(*own, first=False)

    def open(self) -> None:
        """Raise `NotApplicable` when a needed capability is absent."""
        if self.lacks is not None:
            raise NotApplicable(self.lacks)

    def plan(self, steps: Sequence[Parsed]) -> None:
        """Record all steps before the first runs."""
        self.steps = [StepResult(step.keyword.strip(), step.name) for step in steps]

    def reach(self) -> None:
        """Go to the next step; an error in its arguments is the harness's."""
        self.transcript.step = 0 if self.transcript.step is None else self._index + 1

    def call(self, kind: str) -> None:
        """Enter the step's function: an error from here on is the subject's."""
        self.phase = Phase.GIVEN if kind == "given" else Phase.ACT

    def leave(self, *, broken: bool) -> None:
        """Leave the step; after a failure the phase stays, for `classify`."""
        status = FAILED if broken else PASSED
        self.steps[self._index] = replace(self.steps[self._index], status=status)
        self.phase = self.phase if broken else Phase.AROUND

    def end(self, pytest_phase: str, raised: BaseException | None) -> Outcome | None:
        """Classify one phase of the run, and keep the worst outcome of all phases.

        Only the call can pass; set-up and teardown count when they fail.
        """
        if raised is None and pytest_phase != "call":
            return None
        found = self._owed(classify(raised, self.phase, self.level))
        found = self._explained(found)
        self.phase = Phase.AROUND
        if found.verdict.rank >= self.outcome.verdict.rank:
            self.outcome = found
            self.message = "" if raised is None else str(raised)
        return found

    def _owed(self, found: Outcome) -> Outcome:
        """Return what is no failure yet, where time was to pass that did not."""
        owed = self.transcript.owed
        if not owed or found.verdict not in {Verdict.FAIL, Verdict.WARN}:
            return found
        why = f"its clock cannot be set, and it may hold once {owed} have passed"
        return Outcome(Verdict.INCONCLUSIVE, f"{found.reason}; {why}")

    def _explained(self, found: Outcome) -> Outcome:
        """Return an outcome with what would explain it, unless it passed."""
        heads = [text.partition("\n")[0] for text in self.transcript.explanations]
        if found.reason is None or found.verdict is Verdict.NOT_APPLICABLE:
            return found
        new = [head for head in heads if head not in found.reason]
        return replace(found, reason="; ".join([found.reason, *new]))

    def run(self, known: str | None) -> RunResult:
        """Return the result of the run, redacted."""
        reason = self.outcome.reason
        return replace(
            self.blank,
            verdict=self.outcome.verdict,
            reason=None if reason is None else self.redact.text(reason),
            known=known,
            virtual_seconds=self._virtual_seconds(),
            steps=tuple(replace(s, text=self.redact.text(s.text)) for s in self.steps),
        )

    def not_run(self) -> RunResult:
        """Return the result of a scenario that the session did not come to."""
        if self.lacks is not None:
            verdict, reason = Verdict.NOT_APPLICABLE, self.lacks
        else:
            verdict, reason = Verdict.INCONCLUSIVE, NOT_RUN
        return replace(self.blank, verdict=verdict, reason=reason)

    def detail(self) -> RunDetail:
        """Return the details for the report, redacted."""
        shown = (
            replace(
                line, text=self.redact.text(line.text), data=self.redact.data(line.data)
            )
            for line in self.transcript.entries
        )
        message = self.redact.text(self.message)
        days = self.transcript.moved.days
        return RunDetail(message, tuple(shown), round(self.seconds, 3), days)

    @property
    def _index(self) -> int:
        return self.transcript.step or 0

    def _virtual_seconds(self) -> float:
        seen = [
            datetime.fromisoformat(line.at)
            for line in self.transcript.entries
            if line.at
        ]
        return (max(seen) - min(seen)).total_seconds() if seen else 0.0


@dataclass
class RunRecorder:
    """All runs of a session, their details, and the faults of the session."""

    run_config: RunConfig
    runs: list[RunResult] = field(default_factory=list)
    details: dict[RunKey, RunDetail] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    played: list[str] = field(default_factory=list)
    """What was explored and swept beside the scenarios, each in a sentence."""

    planned: Sequence[ScenarioRun] = ()
    ended: int = 0
    """How many runs have ended; in parallel some wait for their turn to be kept."""

    tool_failed: bool = False
    cut_short: str = ""
    """After how many scenario runs the session ended, if before its time."""

    stopwatch: Stopwatch = field(default_factory=start)
    watchers: list[Callable[[RunResult], object]] = field(default_factory=list)

    @property
    def obstacle(self) -> str | None:
        """Return why the session has no results; None when it has."""
        if self.faults:
            count = len(self.faults)
            return f"The rules cannot be judged by: {count} to put right."
        if self.cut_short and (self.tool_failed or not self.runs):
            return f"The run was {self.cut_short}: nothing was judged."
        return None

    def conclude(self, *, interrupted: bool, tool_failed: bool) -> None:
        """Note how the session ended; what it did not come to is inconclusive.

        Without a single run, or when the tool failed, nothing is judged at all.
        """
        done = {run.key for run in self.runs}
        missing = [each for each in self.planned if each.blank.key not in done]
        if not (interrupted or tool_failed or missing):
            return
        count, self.tool_failed = len(self.planned), tool_failed
        self.cut_short = f"cut short after {count - len(missing)} of {count} {RUNS}"
        for scenario_run in missing if self.runs else ():
            self.runs.append(scenario_run.not_run())
            self.details[scenario_run.blank.key] = RunDetail()

    def expected(self, scenario_run: ScenarioRun) -> str | None:
        """Return why the profile expects this outcome of the run; None if not."""
        entries = self.run_config.profile.known
        return known_reason(entries, scenario_run.run(None)) if entries else None

    def close(self, scenario_run: ScenarioRun) -> RunResult:
        """Keep a finished scenario run, and return its run."""
        self.ended += 1
        return self.keep(
            scenario_run.run(self.expected(scenario_run)), scenario_run.detail()
        )

    def keep(self, run: RunResult, detail: RunDetail) -> RunResult:
        """Keep a run and its details, and call the watchers."""
        self.runs.append(run)
        self.details[run.key] = detail
        for watcher in self.watchers:
            watcher(run)
        return run

    def summary(self) -> Summary:
        """Return the summary of all runs."""
        profile = self.run_config.profile
        ordered = sorted(self.runs, key=lambda run: run.key)
        return Summary(
            subject=self.run_config.subject,
            conditions=self.run_config.description,
            requirements=requirement_results(self.run_config.rules, ordered, profile),
            runs=tuple(self.runs),
            stale=self._stale(),
            existing=self.run_config.existing,
            core=self.run_config.core,
            seen=self._seen(),
            cut_short=self.cut_short,
        )

    def _stale(self) -> tuple[str, ...]:
        """Return what the profile expects in vain; not known before all has run."""
        if self.cut_short:
            return ()
        return tuple(stale_entries(self.run_config.profile.known, self.runs))

    def provenance(self) -> Provenance:
        """Return when and on what this run judged."""
        supported = self.run_config.profile.supported
        return self.stopwatch.provenance(supported or self.run_config.vocabularies)

    def causes(self) -> dict[tuple[Verdict, str, str], list[RunResult]]:
        """Return the runs that did not pass, those with one cause together."""
        return grouped((run, self.details[run.key]) for run in self.runs)

    def _seen(self) -> Seen:
        """Return what the integration did throughout, as its transcripts show it."""
        services = {target.id for target in self.run_config.targets["service"]}
        of_it = [run for run in self.runs if run.target in services]
        return seen_throughout([(run, self.details[run.key]) for run in of_it])

    def results(self) -> Results:
        """Return the content of results.ndjson."""
        summary = self.summary()
        return Results(
            header=self.run_config.header(),
            runs=tuple(summary.runs),
            requirements=tuple(summary.requirements),
            headline=summary.headline,
            exit_code=summary.exit_code,
            complete=not self.cut_short,
        )


SCENARIO_RUN = pytest.StashKey[ScenarioRun]()
RECORDER = pytest.StashKey[RunRecorder]()
"""Where pytest's items and its configuration hold them."""
