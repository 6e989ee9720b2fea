"""From all runs to one verdict per rule, one headline and one exit code. Pure.

A rule's verdict is the worst of its runs. A rule without runs says why: no scenario
tests it yet, the profile lacks what it needs, or nobody who must obey was tested.

exit code   said when
0           conformant: every applicable MUST that is not provisional holds, and the
            core was judged; or as expected, with known failures
1           a MUST is broken, or a known failure no longer fails
2           wrong usage
3           the tool failed, nothing was judged, or the subject answered nothing
4           partly judged: nothing is broken, but a MUST that applies, or a rule of
            the core, could not be judged; or the run was cut short

Invariants: inconclusive counts neither as failed nor as passed. A run without results
is never conformant.

A known failure covers the runs of its rule, narrowed by scenario and target. It holds
when a covered run ends in exactly its verdict; if it names a scenario, all covered runs
must. An entry that no longer holds is stale and makes the run fail.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strikeplate.results import RequirementResult
from strikeplate.seen import NOTHING, Seen
from strikeplate.verdict import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from strikeplate.profile import KnownFailure, Profile
    from strikeplate.requirements import Rule
    from strikeplate.results import RunResult


WORDS = {
    0: "Conformant",
    1: "Not conformant",
    3: "Not judged",
    4: "Partly judged",
}
"""The title of a report, by its exit code."""

WHO = {"service": "no integration", "vendor": "no vendor's server"}


def requirement_results(
    rules: Iterable[Rule], runs: Sequence[RunResult], profile: Profile
) -> tuple[RequirementResult, ...]:
    """Return one result per rule, in the order of the rules."""
    by_rule: dict[str, list[RunResult]] = {}
    for run in runs:
        by_rule.setdefault(run.rule, []).append(run)
    return tuple(_result_of(rule, by_rule.get(rule.id, []), profile) for rule in rules)


def missing_capabilities(needs: Iterable[str], profile: Profile) -> str | None:
    """Return why the needs are not met, or None when they are."""
    absences = filter(None, (profile.absence(need) for need in needs))
    reasons = [f"lacks {absence.capability}: {absence.reason}" for absence in absences]
    return "; ".join(reasons) or None


def _result_of(
    rule: Rule, runs: Sequence[RunResult], profile: Profile
) -> RequirementResult:
    verdict, reason = _worst_verdict(rule, runs, profile)
    return RequirementResult(
        rule=rule.id,
        area=rule.area,
        level=rule.level,
        text=rule.name,
        source=rule.source,
        on=rule.on,
        needs=rule.needs,
        provisional=rule.provisional,
        verdict=verdict,
        reason=reason,
        known=_all_known(verdict, runs),
    )


def _worst_verdict(
    rule: Rule, runs: Sequence[RunResult], profile: Profile
) -> tuple[Verdict, str | None]:
    if rule.untested is not None:
        return Verdict.UNTESTED, rule.untested
    if not runs:
        absent = missing_capabilities(rule.needs, profile)
        nobody = " and ".join(WHO[role] for role in rule.on)
        return Verdict.NOT_APPLICABLE, absent or f"{nobody} was judged"
    verdict = worst(run.verdict for run in runs)
    return verdict, next((run.reason for run in runs if run.verdict is verdict), None)


def _all_known(verdict: Verdict, runs: Sequence[RunResult]) -> bool:
    """Return True if every run that breaks the rule was expected to."""
    bad = [run for run in runs if run.verdict.rank > Verdict.PASS.rank]
    return verdict.rank > Verdict.PASS.rank and all(run.known for run in bad)


def covers(entry: KnownFailure, run: RunResult) -> bool:
    """Return True if the entry is about the run."""
    return (
        entry.rule == run.rule
        and entry.scenario in (None, run.scenario)
        and entry.target in (None, run.target)
    )


def known_reason(entries: Iterable[KnownFailure], run: RunResult) -> str | None:
    """Return why the run was expected to end as it did, or None when it was not."""
    fitting = (e for e in entries if covers(e, run) and e.verdict is run.verdict)
    return next((entry.reason for entry in fitting), None)


def stale_entries(
    entries: Iterable[KnownFailure], runs: Iterable[RunResult]
) -> Iterator[str]:
    """Yield a sentence for each entry that the runs no longer confirm.

    Entries of rules that did not run are skipped.
    """
    took_place = tuple(runs)
    for entry in entries:
        if any(run.rule == entry.rule for run in took_place):
            yield from _stale_entry(
                entry, [run for run in took_place if covers(entry, run)]
            )


def _stale_entry(entry: KnownFailure, covered: list[RunResult]) -> Iterator[str]:
    where = " ".join(filter(None, (entry.rule, entry.scenario, entry.target)))
    borne_out = [run for run in covered if run.verdict is entry.verdict]
    if not covered:
        yield f"known failure {where}: names no run; remove the entry or correct it"
    elif not borne_out:
        now = ", ".join(sorted({run.verdict.value for run in covered}))
        expected = f"expected {entry.verdict.value}, found {now}"
        yield f"known failure {where}: {expected}; remove the entry"
    elif entry.scenario and len(borne_out) < len(covered):
        held = next(run for run in covered if run.verdict is not entry.verdict)
        found = f"{held.title} ended in {held.verdict.value}"
        yield f"known failure {where}: {found}; narrow the entry by its target"


NOT_RUN = "the run was cut short before it"
"""The reason of a scenario run that did not take place."""

CONFORMANT, NOT_CONFORMANT, USAGE, HARNESS_ERROR, PARTLY_JUDGED = 0, 1, 2, 3, 4
PARTLY_SESSION = 40
"""The status of a pytest session that is partly judged: 4 is pytest's wrong usage."""

LEVELS = ("MUST", "SHOULD", "MAY")
NAMED = 5
"""How many rules the headline names; the rest are counted."""


@dataclass(frozen=True)
class Summary:
    """Everything that the headline is made from.

    `existing` names the rules that exist for what was judged: for its vendors and its
    role (None: all). `core` names those without which nothing is called conformant.
    `seen` is what the subject did throughout, if that explains everything.
    """

    subject: str
    conditions: str
    requirements: Sequence[RequirementResult]
    runs: Sequence[RunResult]
    stale: Sequence[str] = ()
    existing: frozenset[str] | None = None
    core: frozenset[str] = frozenset()
    seen: Seen = NOTHING
    cut_short: str = ""
    """After how many scenario runs the session ended, if before its time."""

    @property
    def binding(self) -> list[RequirementResult]:
        """The MUST that exist for what was judged and are not provisional."""
        return [r for r in self.requirements if r.binding and self._exists(r)]

    @property
    def decided(self) -> list[RequirementResult]:
        """The binding rules that hold or are broken."""
        return [r for r in self.binding if r.verdict.decided]

    @property
    def broken(self) -> list[RequirementResult]:
        """The binding rules that are broken unexpectedly."""
        return [r for r in self.decided if not r.holds and not r.known]

    @property
    def expected(self) -> list[RequirementResult]:
        """The binding rules that do not hold, as the profile expects."""
        return [r for r in self.binding if r.judged and not r.holds and r.known]

    @property
    def unjudged(self) -> list[RequirementResult]:
        """The binding rules that apply, and could not be judged."""
        return [
            r for r in self.binding if r.verdict is Verdict.INCONCLUSIVE and not r.known
        ]

    @property
    def lacking(self) -> list[str]:
        """The rules of the core that were not judged, also those not asked for."""
        judged = {r.rule for r in self.requirements if r.verdict.decided or r.known}
        return sorted(self.core - judged)

    @property
    def errors(self) -> list[RunResult]:
        """The runs in which the harness or the profile was at fault."""
        return [run for run in self.runs if run.verdict is Verdict.ERROR]

    @property
    def exit_code(self) -> int:
        """One of the codes in the table above."""
        if self.errors or not self._anything_decided or self.seen.silent:
            return HARNESS_ERROR
        if self.broken or self.stale:
            return NOT_CONFORMANT
        partly = self.unjudged or self.lacking or not self.decided or self.cut_short
        return PARTLY_JUDGED if partly else CONFORMANT

    @property
    def word(self) -> str:
        """The outcome in a few words, as a title."""
        if self.exit_code == NOT_CONFORMANT and not self.broken:
            return "Not as expected"
        if self.exit_code == PARTLY_JUDGED and self.cut_short:
            return "Cut short"
        if self.exit_code == CONFORMANT and self.expected:
            return f"As expected, {self._known}"
        return WORDS[self.exit_code]

    @property
    def headline(self) -> str:
        """The first sentence of every report."""
        cut = (
            f"{self.cut_short[0].upper()}{self.cut_short[1:]}: "
            if self.cut_short
            else ""
        )
        return f"{cut}{self._sentence}"

    @property
    def _sentence(self) -> str:
        if self.seen.silent:
            claim = f"was not judged: {self.seen.sentence}"
            return f"{self.subject} {claim}; {self._where}."
        if not any(r.judged for r in self.requirements):
            return (
                f"{self.subject} was not judged: no rule was looked at; {self._where}."
            )
        seen = f": {self.seen.sentence}; it" if self.seen.sentence else ""
        figures = f"{self._figures}; {self._where}"
        return f"{self.subject}{seen} {self._claim}; {figures}."

    @property
    def _anything_decided(self) -> bool:
        verdicts = [r.verdict for r in self.requirements]
        verdicts += [run.verdict for run in self.runs]
        return any(verdict.decided for verdict in verdicts)

    @property
    def _where(self) -> str:
        return f"{_count(self._took_place, 'scenario run')} {self.conditions}"

    @property
    def _took_place(self) -> list[RunResult]:
        judged = (run for run in self.runs if run.verdict.judged)
        return [run for run in judged if run.reason != NOT_RUN]

    @property
    def _claim(self) -> str:
        if self.errors:
            return f"could not be judged ({_names(self.errors)} ended in error)"
        if not self._anything_decided:
            return "was not judged"
        if self.broken:
            return f"is not conformant ({_names(self.broken)} did not hold)"
        if self.stale:
            return f"is not as its profile says ({_count(self.stale, 'stale entry')})"
        known = f", {self._known}" if self.expected else ""
        if self.exit_code == PARTLY_JUDGED:
            return f"is partly judged{known}: nothing broken; {self._could_be_judged}"
        return f"is as expected{known}" if self.expected else "is conformant"

    @property
    def _known(self) -> str:
        names = _names(self.expected)
        return f"with {_count(self.expected, 'known failure')} ({names})"

    @property
    def _could_be_judged(self) -> str:
        """Say how many runs were decided, and which rules of the core were not."""
        decided = sum(run.verdict.decided for run in self._took_place)
        runs = f"{decided} of {len(self._took_place)} could be judged"
        if not self.decided:
            return f"{runs}, and it met no MUST to be judged by"
        if not self.lacking:
            return runs
        asked = {r.rule for r in self.requirements}.intersection(self.lacking)
        if not asked:
            return f"{runs}, and the core was not asked for"
        return f"{runs}, but of the core not {_listed(sorted(asked))}"

    @property
    def _figures(self) -> str:
        return ", ".join(filter(None, (self._level(level) for level in LEVELS)))

    def _level(self, level: str) -> str:
        of_level = [
            r for r in self.requirements if r.level == level and self._exists(r)
        ]
        counted = [r for r in of_level if not r.provisional]
        decided = [r for r in counted if r.verdict.decided]
        held = sum(r.holds for r in decided)
        if level == "MUST":
            judged = f"{len(decided)} of {len(counted)} MUST for its vendors judged"
            return f"{judged}, {held} held"
        return f"{held} of {len(decided)} {level}" if decided else ""

    def _exists(self, requirement: RequirementResult) -> bool:
        return self.existing is None or requirement.rule in self.existing

    def table(self) -> dict[str, dict[str, int]]:
        """Return how many rules of each level ended in each verdict."""
        return {
            level: _counts([r for r in self.requirements if r.level == level])
            for level in LEVELS
        }

    def areas(self) -> dict[str, dict[str, int]]:
        """Return how many rules of each area ended in each verdict."""
        names = sorted({r.area for r in self.requirements})
        return {
            n: _counts([r for r in self.requirements if r.area == n]) for n in names
        }

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many rules, and how many runs, ended in each verdict."""
        return {"rules": _counts(self.requirements), "runs": _counts(self.runs)}


def _counts(judged: Sequence[RequirementResult | RunResult]) -> dict[str, int]:
    found = Counter(entry.verdict for entry in judged)
    return {v.value: found[v] for v in Verdict if found[v]}


def _names(entries: Sequence[RequirementResult | RunResult]) -> str:
    return _listed(sorted({entry.rule for entry in entries}))


def _listed(names: Sequence[str]) -> str:
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
    return ", ".join(names)


def _count(entries: Sequence[object], noun: str) -> str:
    number = len(entries)
    plural = noun.removesuffix("y") + "ies" if noun.endswith("y") else noun + "s"
    return f"{number} {noun if number == 1 else plural}"
