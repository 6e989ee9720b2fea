from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate.profile import Absence, Profile
from strikeplate.requirements import Rule
from strikeplate.summary import missing_capabilities, requirement_results
from strikeplate.verdict import Verdict
from tests.strikeplate.builders import run

if TYPE_CHECKING:
    from strikeplate.results import RunResult

PLAIN = Profile("x", "x", "1", ())
LACKING = Profile("x", "x", "1", (), absences=(Absence("bridge", "none built"),))


def rule(*tags: str, description: str = "Source: house") -> Rule:
    return Rule("doors/a.feature", 1, "A door MUST open", tags, description, ())


@pytest.mark.parametrize(
    ("runs", "verdict", "reason"),
    [
        ([run()], Verdict.PASS, None),
        ([run(), run(Verdict.FAIL, reason="stuck")], Verdict.FAIL, "stuck"),
        ([run(), run(Verdict.NOT_APPLICABLE, reason="x")], Verdict.PASS, None),
        ([run(Verdict.NOT_APPLICABLE, reason="x")], Verdict.NOT_APPLICABLE, "x"),
    ],
)
def test_rule_is_as_good_as_its_worst_run(
    runs: list[RunResult], verdict: Verdict, reason: str | None
) -> None:
    (found,) = requirement_results([rule("DOR-01", "on-service")], runs, PLAIN)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_rule_without_runs_tells_who_was_missing() -> None:
    (found,) = requirement_results(
        [rule("DOR-01", "on-service", "on-vendor")], [], PLAIN
    )
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert found.reason == "no integration and no vendor's server was judged"


def test_rule_without_runs_tells_what_the_subject_lacks() -> None:
    (found,) = requirement_results(
        [rule("DOR-01", "on-service", "needs-bridge")], [], LACKING
    )
    assert found.reason == "lacks bridge: none built"


def test_untested_rule_tells_its_own_reason() -> None:
    untested = rule("DOR-01", "untested", description="Untested: no door yet")
    (found,) = requirement_results([untested], [], PLAIN)
    assert (found.verdict, found.reason) == (Verdict.UNTESTED, "no door yet")


def test_rule_is_known_only_when_every_bad_run_is() -> None:
    known = run(Verdict.FAIL, known="it sticks")
    tags = rule("DOR-01", "on-service")
    assert requirement_results([tags], [known, run()], PLAIN)[0].known
    assert not requirement_results([tags], [known, run(Verdict.FAIL)], PLAIN)[0].known
    assert not requirement_results([tags], [run()], PLAIN)[0].known


def test_needs_that_are_met_are_no_lack() -> None:
    assert missing_capabilities(["clock"], LACKING) is None
    assert (
        missing_capabilities(["clock", "bridge"], LACKING) == "lacks bridge: none built"
    )
