from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from strikeplate.seen import Seen
from strikeplate.summary import Summary
from strikeplate.verdict import Verdict
from tests.strikeplate.builders import requirement, run

if TYPE_CHECKING:
    from strikeplate.results import RequirementResult, RunResult

FAIL, PASS = Verdict.FAIL, Verdict.PASS


def summary(
    requirements: list[RequirementResult],
    runs: list[RunResult] | None = None,
    stale: tuple[str, ...] = (),
) -> Summary:
    return Summary(
        "acme 1", "against http; suite 1, seed 7", requirements, runs or [], stale
    )


@pytest.mark.parametrize(
    ("found", "code", "message"),
    [
        (
            summary([requirement()]),
            0,
            "acme 1 is conformant; 1 of 1 MUST for its vendors judged, 1 held",
        ),
        (
            summary([]),
            3,
            "acme 1 was not judged: no rule was looked at; 0 scenario runs",
        ),
        (summary([requirement(Verdict.UNTESTED)]), 3, "was not judged"),
        (summary([requirement(FAIL)]), 1, "is not conformant (DOR-01 did not hold)"),
        (summary([requirement(Verdict.INCONCLUSIVE)]), 3, "acme 1 was not judged"),
        (
            summary([requirement(), requirement(Verdict.INCONCLUSIVE)]),
            4,
            "is partly judged: nothing broken",
        ),
        (
            summary([requirement(FAIL, known=True)]),
            0,
            "is as expected, with 1 known failure (DOR-01); 1 of 1 MUST",
        ),
        (summary([requirement()], stale=("x", "y")), 1, "(2 stale entries)"),
        (
            summary([requirement(FAIL, provisional=True)]),
            4,
            "met no MUST to be judged by",
        ),
        (summary([requirement(Verdict.WARN, level="SHOULD")]), 4, "0 of 1 SHOULD"),
        (summary([requirement()], [run(Verdict.ERROR)]), 3, "(DOR-01 ended in error)"),
        (
            summary(
                [
                    requirement(),
                    requirement(Verdict.NOT_APPLICABLE),
                    requirement(Verdict.UNTESTED),
                ]
            ),
            0,
            "is conformant; 1 of 3 MUST for its vendors judged, 1 held",
        ),
        (
            summary([requirement(FAIL, rule=f"DOR-{n:02}") for n in range(9)]),
            1,
            "(DOR-00, DOR-01, DOR-02, DOR-03, DOR-04 and 4 more did not hold)",
        ),
    ],
)
def test_headline_and_exit_code_say_how_it_went(
    found: Summary, code: int, message: str
) -> None:
    assert found.exit_code == code
    assert message in found.headline


def test_headline_ends_with_the_setting() -> None:
    found = summary([requirement()], [run(), run(Verdict.NOT_APPLICABLE)])
    assert found.headline.endswith("; 1 scenario run against http; suite 1, seed 7.")


def test_table_counts_rules_by_level_and_verdict() -> None:
    found = summary(
        [requirement(), requirement(FAIL), requirement(Verdict.WARN, level="SHOULD")]
    )
    assert found.table() == {
        "MUST": {"pass": 1, "fail": 1},
        "SHOULD": {"warn": 1},
        "MAY": {},
    }


def test_areas_and_counts_add_up() -> None:
    found = summary([requirement(), requirement(area="keys")], [run(), run(FAIL)])
    assert found.areas() == {"doors": {"pass": 1}, "keys": {"pass": 1}}
    assert found.counts() == {"rules": {"pass": 2}, "runs": {"pass": 1, "fail": 1}}


def test_conformant_is_not_said_without_the_core() -> None:
    found = replace(summary([requirement()]), core=frozenset({"DOR-01", "DOR-09"}))
    assert (found.exit_code, found.word) == (4, "Partly judged")
    assert "and the core was not asked for" in found.headline
    assert "conformant" not in found.headline


def test_conformant_is_said_with_the_core() -> None:
    found = replace(summary([requirement()]), core=frozenset({"DOR-01"}))
    assert (found.exit_code, found.word) == (0, "Conformant")


def test_core_rule_that_does_not_apply_is_not_judged() -> None:
    core = requirement(Verdict.NOT_APPLICABLE, rule="DOR-02")
    found = replace(summary([requirement(), core]), core=frozenset({"DOR-02"}))
    assert found.exit_code == 4
    assert "but of the core not DOR-02" in found.headline


def test_known_failure_is_never_called_conformant() -> None:
    found = summary([requirement(), requirement(FAIL, known=True)])
    assert found.word == "As expected, with 1 known failure (DOR-01)"
    assert "conformant" not in found.headline


def test_rules_of_other_vendors_are_not_counted() -> None:
    other = requirement(Verdict.NOT_APPLICABLE, rule="KEY-01")
    found = replace(summary([requirement(), other]), existing=frozenset({"DOR-01"}))
    assert "1 of 1 MUST for its vendors judged" in found.headline


def test_nothing_broken_says_how_many_runs_could_be_judged() -> None:
    runs = [run(PASS)] * 7 + [run(Verdict.INCONCLUSIVE)] * 30
    found = summary([requirement(), requirement(Verdict.INCONCLUSIVE)], runs)
    assert "nothing broken; 7 of 37 could be judged" in found.headline
    assert found.exit_code == 4


def test_silent_subject_was_not_judged_whatever_failed() -> None:
    silent = Seen("it answered nothing (refused; 9 of 9 scenario runs)", silent=True)
    found = replace(summary([requirement(FAIL)], [run(FAIL)]), seen=silent)
    assert (found.exit_code, found.word) == (3, "Not judged")
    assert "acme 1 was not judged: it answered nothing (refused" in found.headline


def test_what_a_subject_does_throughout_is_said_first() -> None:
    seen = Seen("it refuses all our events: 404 not found")
    found = replace(summary([requirement(FAIL)], [run(FAIL)]), seen=seen)
    begins = "acme 1: it refuses all our events: 404 not found; it is not conformant"
    assert found.headline.startswith(begins)
    assert found.exit_code == 1
