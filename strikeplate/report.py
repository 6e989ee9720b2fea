"""report.html: the whole judgement on one self-contained page, for people.

This module arranges what was found; the templates beside it say how it looks. What
held is told in a line, what did not is told with its steps and its transcript.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from strikeplate.cause import cause_of
from strikeplate.html import ORDER, instant, render
from strikeplate.results import RunDetail, RunResult
from strikeplate.transcript import PARTICIPANTS
from strikeplate.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from strikeplate.cause import Cause
    from strikeplate.results import RequirementResult, RunKey, StepResult
    from strikeplate.scenario_run import RunRecorder
    from strikeplate.summary import Summary
    from strikeplate.transcript import TranscriptEntry


@dataclass(frozen=True)
class RunCell:
    """One run in the table of its scenario; `detail` only if it did not pass."""

    run: RunResult
    detail: RunDetail | None
    evidence: tuple[str, ...] = ()
    """What was seen in a run that passed, codes blanked."""

    moved_days: int = 0
    """By how many days the dates in its steps were moved."""

    @property
    def anchor(self) -> str:
        """The name by which the page links to the run."""
        return "run-" + "-".join(
            "".join(c for c in k if c.isalnum()) for k in self.run.key
        )

    def steps_with_entries(
        self,
    ) -> Iterator[tuple[StepResult | None, list[TranscriptEntry]]]:
        """Yield each step with its transcript entries; None first, for earlier ones."""
        entries = self.detail.entries if self.detail else ()
        before = [entry for entry in entries if entry.step is None]
        if before:
            yield None, before
        for index, step in enumerate(self.run.steps):
            yield step, [entry for entry in entries if entry.step == index]


@dataclass(frozen=True)
class ScenarioRow:
    """One scenario with one row of examples, against each target."""

    cells: Mapping[str, RunCell]

    @property
    def any(self) -> RunResult:
        """One of the runs: all have the same name, row and steps."""
        return next(iter(self.cells.values())).run

    @property
    def evidence(self) -> tuple[str, ...]:
        """What was seen in the first run that passed."""
        found = (cell.evidence for cell in self.cells.values())
        return next(filter(None, found), ())

    @property
    def moved_days(self) -> int:
        """By how many days the dates in its steps were moved, at the first target."""
        return next((c.moved_days for c in self.cells.values() if c.moved_days), 0)

    @property
    def remarks(self) -> list[str]:
        """The remarks on runs without details."""
        cells = (cell for cell in self.cells.values() if not cell.detail)
        return list(dict.fromkeys(c.run.reason for c in cells if c.run.reason))


@dataclass(frozen=True)
class RuleSection:
    """One rule on the page: its requirement result and its evidence."""

    requirement: RequirementResult
    rows: Sequence[ScenarioRow]
    remark: str = ""

    @property
    def targets(self) -> list[str]:
        """The columns of the rule's table."""
        return list(dict.fromkeys(name for row in self.rows for name in row.cells))

    @property
    def failures(self) -> list[RunCell]:
        """The runs that did not pass, with their details."""
        return [c for row in self.rows for c in row.cells.values() if c.detail]


@dataclass(frozen=True)
class CauseSection:
    """One cause with all runs that it broke, the first of each rule by name."""

    cells: Sequence[RunCell]
    cause: Cause

    @property
    def first(self) -> RunResult:
        """The run by which the cause is told."""
        return self.cells[0].run

    @property
    def by_rule(self) -> dict[str, list[RunCell]]:
        """The runs of each rule."""
        found: dict[str, list[RunCell]] = {}
        for cell in self.cells:
            found.setdefault(cell.run.rule, []).append(cell)
        return found


@dataclass(frozen=True)
class UnjudgedSection:
    """One reason for which nothing was judged, with its rules.

    `rules` counts the scenarios of each that it concerns; 0 is the whole rule.
    """

    verdict: Verdict
    reason: str
    rules: dict[str, int]


@dataclass(frozen=True)
class Page:
    """Everything the templates show."""

    recorder: RunRecorder
    summary: Summary

    @property
    def word(self) -> str:
        """The outcome in a word or two."""
        return self.summary.word

    @cached_property
    def areas(self) -> dict[str, list[RuleSection]]:
        """Every rule, by area."""
        found: dict[str, list[RuleSection]] = {}
        for requirement in self.summary.requirements:
            found.setdefault(requirement.area, []).append(self._entry(requirement))
        return found

    @cached_property
    def attention(self) -> list[CauseSection]:
        """What did not hold, the worst first: each cause once, with its runs."""
        rules = {requirement.rule for requirement in self.summary.requirements}
        groups = self.recorder.causes().values()
        of_rules = ([run for run in runs if run.rule in rules] for runs in groups)
        return [self._cause(runs) for runs in of_rules if runs]

    def _cause(self, runs: Sequence[RunResult]) -> CauseSection:
        cells = [self._cell(run) for run in runs]
        return CauseSection(cells, self.cause(cells[0]))

    def cause(self, cell: RunCell) -> Cause:
        """Return the cause of one run that did not pass."""
        return cause_of(cell.run, cell.detail or RunDetail())

    def area_name(self, area: str) -> str:
        """Return an area as people call it: a vendor as it spells itself."""
        vocabulary = self.recorder.run_config.vocabularies.get(area)
        return vocabulary.brand if vocabulary else area.capitalize()

    def shown(self, target: str) -> str:
        """Return what people call a target."""
        return self.recorder.run_config.shown(target)

    def title(self, run: RunResult) -> str:
        """Return a run as one line."""
        return run.titled(self.shown(run.target))

    def repeat(self, rule: str) -> str:
        """Return the whole command that judges one rule again."""
        return self.recorder.run_config.repeat(rule)

    @cached_property
    def rules(self) -> dict[str, str]:
        """What each rule says, by its id."""
        return {each.rule: each.text for each in self.summary.requirements}

    @cached_property
    def unjudged(self) -> list[UnjudgedSection]:
        """What was not judged, by its reason, that of the most rules first."""
        found: dict[tuple[Verdict, str], Counter[str]] = {}
        ended: list[RequirementResult | RunResult] = [*self.summary.requirements]
        for each in (*ended, *self.summary.runs):
            if each.rule in self.rules and not each.verdict.judged:
                rules = found.setdefault((each.verdict, each.reason or ""), Counter())
                rules[each.rule] += isinstance(each, RunResult)
        sections = (UnjudgedSection(*key, dict(r)) for key, r in found.items())
        return sorted(sections, key=lambda each: -len(each.rules))

    @property
    def moved(self) -> bool:
        """Whether the dates of some scenario were moved."""
        return any(each.moved_days for each in self.recorder.details.values())

    @cached_property
    def claims(self) -> list[RunCell]:
        """The checks of the profile's own claims."""
        rules = {requirement.rule for requirement in self.summary.requirements}
        return [self._cell(run) for run in self.summary.runs if run.rule not in rules]

    def counts(self, requirements: Sequence[RequirementResult]) -> dict[Verdict, int]:
        """Return how many of the rules ended in each verdict, in the page's order."""
        found = Counter(requirement.verdict for requirement in requirements)
        return {verdict: found[verdict] for verdict in ORDER if found[verdict]}

    def _entry(self, requirement: RequirementResult) -> RuleSection:
        runs = [run for run in self.summary.runs if run.rule == requirement.rule]
        rows: dict[tuple[str, str], dict[str, RunCell]] = {}
        for run in sorted(runs, key=self._place):
            rows.setdefault((run.scenario, run.row), {})[run.target] = self._cell(run)
        remark = self._remarks.get(requirement.rule, "")
        return RuleSection(
            requirement, [ScenarioRow(cells) for cells in rows.values()], remark
        )

    def _cell(self, run: RunResult) -> RunCell:
        detail = self.recorder.details.get(run.key, RunDetail())
        if run.verdict is Verdict.PASS:
            return RunCell(run, None, tuple(_evidence(detail)), detail.moved_days)
        if run.verdict.rank < Verdict.PASS.rank:
            return RunCell(run, None)
        return RunCell(run, detail, moved_days=detail.moved_days)

    @cached_property
    def _remarks(self) -> dict[str, str]:
        return {r.id: r.remark for r in self.recorder.run_config.catalogue.rules}

    @cached_property
    def _lines(self) -> dict[tuple[str, str], int]:
        rules = self.recorder.run_config.catalogue.rules
        return {(r.id, s.name): s.line for r in rules for s in r.scenarios}

    def _place(self, run: RunResult) -> tuple[int, int, RunKey]:
        targets = [target.id for target in self.recorder.run_config.all_targets]
        line = self._lines.get((run.rule, run.scenario), 0)
        return line, targets.index(run.target), run.key


def _evidence(detail: RunDetail) -> Iterator[str]:
    """Yield what the subject, its messages and the doors said, each with its time."""
    for entry in detail.entries:
        if entry.participant in {"service", "door"}:
            yield f"{instant(entry.at)} {entry.participant}: {entry.text}".strip()


def report(recorder: RunRecorder, summary: Summary) -> str:
    """Return the page."""
    return render(
        "report.html",
        styles=["report.css"],
        scripts=["find.js", "report.js"],
        page=Page(recorder, summary),
        summary=summary,
        header=recorder.run_config.header(),
        profile=recorder.run_config.profile,
        provenance=recorder.provenance(),
        capabilities=recorder.run_config.capabilities,
        lanes=PARTICIPANTS,
    )
