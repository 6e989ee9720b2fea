"""One scenario run while it is in progress.

The hooks report to it. It keeps the steps, the transcript and the values to redact,
knows in which phase the scenario is, and finally gives a Run and its RunDetail.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from strikeplate.classify import Outcome, Phase, classify
from strikeplate.record import FAILED, PASSED, Run, RunDetail, Step
from strikeplate.redact import Redact
from strikeplate.transcript import Transcript
from strikeplate.verdict import NotApplicable, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_bdd.parser import Step as Parsed


@dataclass
class ScenarioRun:
    """One scenario run: who it is, and what happened so far."""

    blank: Run
    level: str
    lacks: str | None = None
    redact: Redact = field(default_factory=Redact)
    transcript: Transcript = field(default_factory=Transcript)
    outcome: Outcome = field(default_factory=lambda: Outcome(Verdict.UNTESTED))
    message: str = ""
    steps: list[Step] = field(default_factory=list)
    phase: Phase = Phase.AROUND

    def open(self) -> None:
        """Refuse to begin when the subject lacks what the scenario needs."""
        if self.lacks is not None:
            raise NotApplicable(self.lacks)

    def plan(self, steps: Sequence[Parsed]) -> None:
        """Take down all steps before the first is run."""
        self.steps = [Step(step.keyword.strip(), step.name) for step in steps]

    def reach(self) -> None:
        """Stand before the next step; outcome its arguments is still our affair."""
        self.transcript.step = 0 if self.transcript.step is None else self._index + 1

    def call(self, kind: str) -> None:
        """Enter the step: what breaks from here on is not our fault."""
        self.phase = Phase.GIVEN if kind == "given" else Phase.ACT

    def leave(self, *, broken: bool) -> None:
        """Leave the step; a broken one keeps its stage, for the judgement."""
        status = FAILED if broken else PASSED
        self.steps[self._index] = replace(self.steps[self._index], status=status)
        self.phase = self.phase if broken else Phase.AROUND

    def end(self, pytest_phase: str, raised: BaseException | None) -> Outcome | None:
        """Judge one phase of the run, and keep the gravest outcome of all phases.

        Only the call can end in a pass; set-up and teardown count when they break.
        """
        if raised is None and pytest_phase != "call":
            return None
        found = classify(raised, self.phase, self.level)
        self.phase = Phase.AROUND
        if found.verdict.rank >= self.outcome.verdict.rank:
            self.outcome = found
            self.message = "" if raised is None else str(raised)
        return found

    def run(self, known: str | None) -> Run:
        """Return what is kept of the scenario run, redacted."""
        reason = self.outcome.reason
        return replace(
            self.blank,
            verdict=self.outcome.verdict,
            reason=None if reason is None else self.redact.text(reason),
            known=known,
            virtual_seconds=self._virtual_seconds(),
            steps=tuple(replace(s, text=self.redact.text(s.text)) for s in self.steps),
        )

    def detail(self) -> RunDetail:
        """Return what the report tells beside, redacted."""
        shown = (
            replace(
                line, text=self.redact.text(line.text), data=self.redact.data(line.data)
            )
            for line in self.transcript.entries
        )
        return RunDetail(self.redact.text(self.message), tuple(shown))

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
