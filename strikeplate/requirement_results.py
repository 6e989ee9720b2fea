"""Requirement results: from all the runs to one verdict per rule. Pure.

A rule is as good as the worst of its runs. A rule without runs says why: no scenario
looks at it yet, the profile lacks what it needs, or nobody who must obey was judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from strikeplate.record import RequirementResult
from strikeplate.verdict import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from strikeplate.profile import Profile
    from strikeplate.record import Run
    from strikeplate.requirements import Rule

WHO = {"service": "no integration", "vendor": "no vendor's server"}


def requirement_results(
    rules: Iterable[Rule], runs: Sequence[Run], profile: Profile
) -> tuple[RequirementResult, ...]:
    """Return one requirement result per rule, in the order of the rules."""
    by_rule: dict[str, list[Run]] = {}
    for run in runs:
        by_rule.setdefault(run.rule, []).append(run)
    return tuple(_ruling(rule, by_rule.get(rule.id, []), profile) for rule in rules)


def lack(needs: Iterable[str], profile: Profile) -> str | None:
    """Return why the needs are not met, or None when they are."""
    absences = filter(None, (profile.absence(need) for need in needs))
    reasons = [f"lacks {absence.capability}: {absence.reason}" for absence in absences]
    return "; ".join(reasons) or None


def _ruling(rule: Rule, runs: Sequence[Run], profile: Profile) -> RequirementResult:
    verdict, reason = _verdict(rule, runs, profile)
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
        known=_known(verdict, runs),
    )


def _verdict(
    rule: Rule, runs: Sequence[Run], profile: Profile
) -> tuple[Verdict, str | None]:
    if rule.untested is not None:
        return Verdict.UNTESTED, rule.untested
    if not runs:
        absent = lack(rule.needs, profile)
        nobody = " and ".join(WHO[role] for role in rule.on)
        return Verdict.NOT_APPLICABLE, absent or f"{nobody} was judged"
    verdict = worst(run.verdict for run in runs)
    return verdict, next((run.reason for run in runs if run.verdict is verdict), None)


def _known(verdict: Verdict, runs: Sequence[Run]) -> bool:
    """Every run that keeps the rule from holding was expected to end so."""
    bad = [run for run in runs if run.verdict.rank > Verdict.PASS.rank]
    return verdict.rank > Verdict.PASS.rank and all(run.known for run in bad)
