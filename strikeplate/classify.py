"""The judge: from how a scenario ended to its verdict. Pure.

how it ended                                   verdict
nothing was raised                             pass
Inconclusive, NotApplicable                    as said
HarnessFault, an undefined step, any skip      error
anything else while a Given ran                inconclusive
anything else while a When or Then ran         fail (warn under SHOULD, pass under MAY)
anything else: fixtures, parsers, teardown     error
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import pytest
from pytest_bdd.exceptions import StepDefinitionNotFoundError

from strikeplate.verdict import HarnessFault, Unjudged, Verdict

LONGEST_REASON = 300


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
"""What an unmet rule comes to, where that is not a fail."""


def classify(ended: BaseException | None, phase: Phase, level: str) -> Outcome:
    """Return the verdict on a scenario that ended so, at that stage."""
    if ended is None:
        return Outcome(Verdict.PASS)
    if isinstance(ended, Unjudged):
        return Outcome(ended.verdict, first_line(ended))
    if fault := _fault(ended):
        return Outcome(Verdict.ERROR, fault)
    if phase is Phase.AROUND:
        return Outcome(Verdict.ERROR, f"the harness broke: {described(ended)}")
    if phase is Phase.GIVEN:
        return Outcome(Verdict.INCONCLUSIVE, f"not set up: {described(ended)}")
    return Outcome(BY_LEVEL.get(level, Verdict.FAIL), described(ended))


def _fault(ended: BaseException) -> str | None:
    if isinstance(ended, (HarnessFault, StepDefinitionNotFoundError)):
        return first_line(ended)
    if isinstance(ended, pytest.skip.Exception):
        return f"skipped without a verdict: {first_line(ended) or 'no reason given'}"
    return None


def described(ended: BaseException) -> str:
    """Return in one line what was raised: the claim that failed, or the error."""
    if isinstance(ended, (AssertionError, pytest.fail.Exception)):
        return first_line(ended) or "an assertion without a message did not hold"
    return f"{type(ended).__name__}: {first_line(ended)}".removesuffix(": ")


def first_line(ended: BaseException) -> str:
    """Return the first line of a message, cut to a readable length."""
    lines = [line.strip() for line in str(ended).splitlines() if line.strip()]
    text = lines[0] if lines else ""
    if len(text) <= LONGEST_REASON:
        return text
    return text[: LONGEST_REASON - 1] + "…"
