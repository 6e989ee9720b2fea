from __future__ import annotations

import pytest
from pytest_bdd.exceptions import StepDefinitionNotFoundError

from strikeplate.judge import LONGEST_REASON, Finding, Stage, judge
from strikeplate.verdict import HarnessFault, Inconclusive, NotApplicable, Verdict

CLAIM = AssertionError("the door opened\nassert True is False")
CRASH = KeyError("pin")


def failed() -> BaseException:
    try:
        pytest.fail("the door opened")
    except BaseException as raised:  # noqa: BLE001 - pytest's own are no Exceptions
        return raised


def skipped() -> BaseException:
    try:
        pytest.skip("")
    except BaseException as raised:  # noqa: BLE001 - likewise
        return raised


@pytest.mark.parametrize(
    ("ended", "stage", "level", "verdict", "reason"),
    [
        (None, Stage.AROUND, "MUST", Verdict.PASS, None),
        (CLAIM, Stage.ACT, "MUST", Verdict.FAIL, "the door opened"),
        (CLAIM, Stage.ACT, "SHOULD", Verdict.WARN, "the door opened"),
        (CLAIM, Stage.ACT, "MAY", Verdict.PASS, "the door opened"),
        (failed(), Stage.ACT, "MUST", Verdict.FAIL, "the door opened"),
        (CRASH, Stage.ACT, "MUST", Verdict.FAIL, "KeyError: 'pin'"),
        (
            CLAIM,
            Stage.GIVEN,
            "MUST",
            Verdict.INCONCLUSIVE,
            "not set up: the door opened",
        ),
        (
            CRASH,
            Stage.GIVEN,
            "MUST",
            Verdict.INCONCLUSIVE,
            "not set up: KeyError: 'pin'",
        ),
        (
            CRASH,
            Stage.AROUND,
            "MUST",
            Verdict.ERROR,
            "the harness broke: KeyError: 'pin'",
        ),
        (Inconclusive("no clock"), Stage.ACT, "MUST", Verdict.INCONCLUSIVE, "no clock"),
        (
            NotApplicable("no bus"),
            Stage.GIVEN,
            "MUST",
            Verdict.NOT_APPLICABLE,
            "no bus",
        ),
        (HarnessFault("no fakes"), Stage.GIVEN, "MUST", Verdict.ERROR, "no fakes"),
        (HarnessFault("no fakes"), Stage.ACT, "MAY", Verdict.ERROR, "no fakes"),
        (StepDefinitionNotFoundError("x"), Stage.AROUND, "MUST", Verdict.ERROR, "x"),
        (
            skipped(),
            Stage.ACT,
            "MUST",
            Verdict.ERROR,
            "skipped without a verdict: no reason given",
        ),
        (
            AssertionError(),
            Stage.ACT,
            "MUST",
            Verdict.FAIL,
            "an assertion without a message did not hold",
        ),
        (ValueError(), Stage.ACT, "MUST", Verdict.FAIL, "ValueError"),
    ],
)
def test_verdict_follows_from_how_and_where_a_scenario_ended(
    ended: BaseException | None,
    stage: Stage,
    level: str,
    verdict: Verdict,
    reason: str | None,
) -> None:
    assert judge(ended, stage, level) == Finding(verdict, reason)


def test_long_reasons_are_cut_where_it_shows() -> None:
    reason = judge(AssertionError("x" * 1000), Stage.ACT, "MUST").reason or ""
    assert len(reason) == LONGEST_REASON
    assert reason.endswith("…")
