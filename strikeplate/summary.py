"""The summary: counts, the headline sentence and the exit code. Pure.

Conformant means that every applicable MUST that rests on more than a guess holds. A
run that judged nothing is never conformant, and a fault of our own is never the
subject's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strikeplate.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from strikeplate.record import RequirementResult, Run

CONFORMANT, NOT_CONFORMANT, USAGE, HARNESS_ERROR = 0, 1, 2, 3
LEVELS = ("MUST", "SHOULD", "MAY")
NAMED = 5
"""So many offending rules are named in the headline; the rest are counted."""


@dataclass(frozen=True)
class Summary:
    """All that a headline rests on."""

    subject: str
    conditions: str
    requirements: Sequence[RequirementResult]
    runs: Sequence[Run]
    stale: Sequence[str] = ()

    @property
    def binding(self) -> list[RequirementResult]:
        """The applicable MUST that rest on more than a guess."""
        return [r for r in self.requirements if r.binding and r.judged]

    @property
    def broken(self) -> list[RequirementResult]:
        """Those of them that do not hold, and were not expected not to."""
        return [r for r in self.binding if not r.holds and not r.known]

    @property
    def expected(self) -> list[RequirementResult]:
        """Those of them that do not hold, as the profile says."""
        return [r for r in self.binding if not r.holds and r.known]

    @property
    def errors(self) -> list[Run]:
        """The runs in which the harness or the profile was at fault."""
        return [run for run in self.runs if run.verdict is Verdict.ERROR]

    @property
    def exit_code(self) -> int:
        """0 conformant as expected, 1 not, 3 when it cannot be said."""
        if self.errors or not any(r.judged for r in self.requirements):
            return HARNESS_ERROR
        return NOT_CONFORMANT if self.broken or self.stale else CONFORMANT

    @property
    def headline(self) -> str:
        """The one sentence that opens every report."""
        if not any(r.judged for r in self.requirements):
            return (
                f"{self.subject} was not judged: no rule was looked at; {self._where}."
            )
        return f"{self.subject} {self._claim}: {self._figures}; {self._where}."

    @property
    def _where(self) -> str:
        took_place = [run for run in self.runs if run.verdict.judged]
        return f"{_count(took_place, 'scenario run')} {self.conditions}"

    @property
    def _claim(self) -> str:
        if self.errors:
            return f"could not be judged ({_names(self.errors)} ended in error)"
        if self.broken:
            return f"is not conformant ({_names(self.broken)} did not hold)"
        if self.stale:
            return f"is not as its profile says ({_count(self.stale, 'stale entry')})"
        if self.expected:
            return f"is conformant but for the known failure of {_names(self.expected)}"
        if not self.binding:
            return "met no MUST to be judged by"
        return "is conformant"

    @property
    def _figures(self) -> str:
        return ", ".join(filter(None, (self._level(level) for level in LEVELS)))

    def _level(self, level: str) -> str:
        of_level = [r for r in self.requirements if r.level == level]
        applicable = [r for r in of_level if r.judged and not r.provisional]
        if level != "MUST" and not applicable:
            return ""
        held = f"{sum(r.holds for r in applicable)} of {len(applicable)}"
        must = f"{held} applicable {level} (of {len(of_level)})"
        return must if level == "MUST" else f"{held} {level}"

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


def _counts(judged: Sequence[RequirementResult | Run]) -> dict[str, int]:
    found = Counter(entry.verdict for entry in judged)
    return {v.value: found[v] for v in Verdict if found[v]}


def _names(entries: Sequence[RequirementResult | Run]) -> str:
    names = sorted({entry.rule for entry in entries})
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
    return ", ".join(names)


def _count(entries: Sequence[object], noun: str) -> str:
    number = len(entries)
    plural = noun.removesuffix("y") + "ies" if noun.endswith("y") else noun + "s"
    return f"{number} {noun if number == 1 else plural}"
