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


class Stage(Enum):
    """Where a scenario was when it ended."""

    GIVEN = "given"
    ACT = "act"
    AROUND = "around"


@dataclass(frozen=True)
class Finding:
    """A verdict with its reason; a pass has a reason only when a MAY was not met."""

    verdict: Verdict
    reason: str | None = None


BY_LEVEL = {"SHOULD": Verdict.WARN, "MAY": Verdict.PASS}
"""What an unmet rule comes to, where that is not a fail."""


def judge(ended: BaseException | None, stage: Stage, level: str) -> Finding:
    """Return the verdict on a scenario that ended so, at that stage."""
    if ended is None:
        return Finding(Verdict.PASS)
    if isinstance(ended, Unjudged):
        return Finding(ended.verdict, first_line(ended))
    if fault := _fault(ended):
        return Finding(Verdict.ERROR, fault)
    if stage is Stage.AROUND:
        return Finding(Verdict.ERROR, f"the harness broke: {described(ended)}")
    if stage is Stage.GIVEN:
        return Finding(Verdict.INCONCLUSIVE, f"not set up: {described(ended)}")
    return Finding(BY_LEVEL.get(level, Verdict.FAIL), described(ended))


def _fault(ended: BaseException) -> str | None:
    if isinstance(ended, (HarnessFault, StepDefinitionNotFoundError)):
        return first_line(ended)
    if isinstance(ended, pytest.skip.Exception):
        return f"skipped without a verdict: {first_line(ended) or 'no reason given'}"
    return None


def described(ended: BaseException) -> str:
    """Return in one line what was raised: the claim that failed, or the mishap."""
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
