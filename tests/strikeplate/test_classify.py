from __future__ import annotations

import pytest
from pytest_bdd.exceptions import StepDefinitionNotFoundError

from strikeplate.scenario_run import LONGEST_REASON, Outcome, Phase, classify
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
    ("ended", "phase", "level", "verdict", "reason"),
    [
        (None, Phase.AROUND, "MUST", Verdict.PASS, None),
        (CLAIM, Phase.ACT, "MUST", Verdict.FAIL, "the door opened"),
        (CLAIM, Phase.ACT, "SHOULD", Verdict.WARN, "the door opened"),
        (CLAIM, Phase.ACT, "MAY", Verdict.PASS, "the door opened"),
        (failed(), Phase.ACT, "MUST", Verdict.FAIL, "the door opened"),
        (CRASH, Phase.ACT, "MUST", Verdict.FAIL, "KeyError: 'pin'"),
        (
            CLAIM,
            Phase.GIVEN,
            "MUST",
            Verdict.INCONCLUSIVE,
            "not set up: the door opened",
        ),
        (
            CRASH,
            Phase.GIVEN,
            "MUST",
            Verdict.INCONCLUSIVE,
            "not set up: KeyError: 'pin'",
        ),
        (
            CRASH,
            Phase.AROUND,
            "MUST",
            Verdict.ERROR,
            "the harness broke: KeyError: 'pin'",
        ),
        (Inconclusive("no clock"), Phase.ACT, "MUST", Verdict.INCONCLUSIVE, "no clock"),
        (
            NotApplicable("no bus"),
            Phase.GIVEN,
            "MUST",
            Verdict.NOT_APPLICABLE,
            "no bus",
        ),
        (HarnessFault("no fakes"), Phase.GIVEN, "MUST", Verdict.ERROR, "no fakes"),
        (HarnessFault("no fakes"), Phase.ACT, "MAY", Verdict.ERROR, "no fakes"),
        (StepDefinitionNotFoundError("x"), Phase.AROUND, "MUST", Verdict.ERROR, "x"),
        (
            skipped(),
            Phase.ACT,
            "MUST",
            Verdict.ERROR,
            "skipped without a verdict: no reason given",
        ),
        (
            AssertionError(),
            Phase.ACT,
            "MUST",
            Verdict.FAIL,
            "an assertion without a message did not hold",
        ),
        (ValueError(), Phase.ACT, "MUST", Verdict.FAIL, "ValueError"),
    ],
)
def test_verdict_follows_from_how_and_where_a_scenario_ended(
    ended: BaseException | None,
    phase: Phase,
    level: str,
    verdict: Verdict,
    reason: str | None,
) -> None:
    assert classify(ended, phase, level) == Outcome(verdict, reason)


def test_long_reasons_are_cut_where_it_shows() -> None:
    reason = classify(AssertionError("x" * 1000), Phase.ACT, "MUST").reason or ""
    assert len(reason) == LONGEST_REASON
    assert reason.endswith("…")
