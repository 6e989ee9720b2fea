"""The trial: one scenario run while it is going on.

The plugin tells it what happens; it keeps the steps, the transcript and what must be
blanked, knows at which stage things stand, and in the end gives a Run and its Story.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from strikeplate.judge import Finding, Stage, judge
from strikeplate.record import FAILED, PASSED, Run, Step, Story
from strikeplate.redact import Redact
from strikeplate.transcript import Transcript
from strikeplate.verdict import NotApplicable, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_bdd.parser import Step as Parsed


@dataclass
class Trial:
    """One scenario run: who it is, and what happened so far."""

    blank: Run
    level: str
    lacks: str | None = None
    redact: Redact = field(default_factory=Redact)
    transcript: Transcript = field(default_factory=Transcript)
    finding: Finding = field(default_factory=lambda: Finding(Verdict.UNTESTED))
    detail: str = ""
    steps: list[Step] = field(default_factory=list)
    stage: Stage = Stage.AROUND

    def open(self) -> None:
        """Refuse to begin when the subject lacks what the scenario needs."""
        if self.lacks is not None:
            raise NotApplicable(self.lacks)

    def plan(self, steps: Sequence[Parsed]) -> None:
        """Take down all steps before the first is run."""
        self.steps = [Step(step.keyword.strip(), step.name) for step in steps]

    def reach(self) -> None:
        """Stand before the next step; finding its arguments is still our affair."""
        self.transcript.step = 0 if self.transcript.step is None else self._index + 1

    def call(self, kind: str) -> None:
        """Enter the step: what breaks from here on is not our fault."""
        self.stage = Stage.GIVEN if kind == "given" else Stage.ACT

    def leave(self, *, broken: bool) -> None:
        """Leave the step; a broken one keeps its stage, for the judgement."""
        status = FAILED if broken else PASSED
        self.steps[self._index] = replace(self.steps[self._index], status=status)
        self.stage = self.stage if broken else Stage.AROUND

    def end(self, phase: str, raised: BaseException | None) -> Finding | None:
        """Judge one phase of the run, and keep the gravest finding of all phases.

        Only the call can end in a pass; set-up and teardown count when they break.
        """
        if raised is None and phase != "call":
            return None
        found = judge(raised, self.stage, self.level)
        self.stage = Stage.AROUND
        if found.verdict.rank >= self.finding.verdict.rank:
            self.finding = found
            self.detail = "" if raised is None else str(raised)
        return found

    def run(self, known: str | None) -> Run:
        """Return what is kept of the trial, redacted."""
        reason = self.finding.reason
        return replace(
            self.blank,
            verdict=self.finding.verdict,
            reason=None if reason is None else self.redact.text(reason),
            known=known,
            virtual_seconds=self._virtual_seconds(),
            steps=tuple(replace(s, text=self.redact.text(s.text)) for s in self.steps),
        )

    def story(self) -> Story:
        """Return what the report tells beside, redacted."""
        shown = (
            replace(
                line, text=self.redact.text(line.text), data=self.redact.data(line.data)
            )
            for line in self.transcript.lines
        )
        return Story(self.redact.text(self.detail), tuple(shown))

    @property
    def _index(self) -> int:
        return self.transcript.step or 0

    def _virtual_seconds(self) -> float:
        seen = [
            datetime.fromisoformat(line.at) for line in self.transcript.lines if line.at
        ]
        return (max(seen) - min(seen)).total_seconds() if seen else 0.0
