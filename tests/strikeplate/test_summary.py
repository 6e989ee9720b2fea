from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
            "acme 1 is conformant: 1 of 1 applicable MUST (of 1)",
        ),
        (
            summary([]),
            3,
            "acme 1 was not judged: no rule was looked at; 0 scenario runs",
        ),
        (summary([requirement(Verdict.UNTESTED)]), 3, "was not judged"),
        (summary([requirement(FAIL)]), 1, "is not conformant (DOR-01 did not hold)"),
        (summary([requirement(Verdict.INCONCLUSIVE)]), 1, "is not conformant (DOR-01"),
        (
            summary([requirement(FAIL, known=True)]),
            0,
            "but for the known failure of DOR-01",
        ),
        (summary([requirement()], stale=("x", "y")), 1, "(2 stale entries)"),
        (
            summary([requirement(FAIL, provisional=True)]),
            0,
            "met no MUST to be judged by",
        ),
        (summary([requirement(Verdict.WARN, level="SHOULD")]), 0, "0 of 1 SHOULD"),
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
            "is conformant: 1 of 1 applicable MUST (of 3)",
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
