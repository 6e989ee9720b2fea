from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate.summary import Outcome
from strikeplate.verdict import Verdict
from tests.strikeplate.made import ruling, run

if TYPE_CHECKING:
    from strikeplate.record import Ruling, Run

FAIL, PASS = Verdict.FAIL, Verdict.PASS


def outcome(
    rulings: list[Ruling], runs: list[Run] | None = None, stale: tuple[str, ...] = ()
) -> Outcome:
    return Outcome(
        "acme 1", "against http; suite 1, seed 7", rulings, runs or [], stale
    )


@pytest.mark.parametrize(
    ("found", "code", "told"),
    [
        (outcome([ruling()]), 0, "acme 1 is conformant: 1 of 1 applicable MUST (of 1)"),
        (
            outcome([]),
            3,
            "acme 1 was not judged: no rule was looked at; 0 scenario runs",
        ),
        (outcome([ruling(Verdict.UNTESTED)]), 3, "was not judged"),
        (outcome([ruling(FAIL)]), 1, "is not conformant (DOR-01 did not hold)"),
        (outcome([ruling(Verdict.INCONCLUSIVE)]), 1, "is not conformant (DOR-01"),
        (outcome([ruling(FAIL, known=True)]), 0, "but for the known failure of DOR-01"),
        (outcome([ruling()], stale=("x", "y")), 1, "(2 stale entries)"),
        (outcome([ruling(FAIL, provisional=True)]), 0, "met no MUST to be judged by"),
        (outcome([ruling(Verdict.WARN, level="SHOULD")]), 0, "0 of 1 SHOULD"),
        (outcome([ruling()], [run(Verdict.ERROR)]), 3, "(DOR-01 ended in error)"),
        (
            outcome(
                [ruling(), ruling(Verdict.NOT_APPLICABLE), ruling(Verdict.UNTESTED)]
            ),
            0,
            "is conformant: 1 of 1 applicable MUST (of 3)",
        ),
        (
            outcome([ruling(FAIL, rule=f"DOR-{n:02}") for n in range(9)]),
            1,
            "(DOR-00, DOR-01, DOR-02, DOR-03, DOR-04 and 4 more did not hold)",
        ),
    ],
)
def test_headline_and_exit_code_say_how_it_went(
    found: Outcome, code: int, told: str
) -> None:
    assert found.exit_code == code
    assert told in found.headline


def test_headline_ends_with_the_setting() -> None:
    found = outcome([ruling()], [run(), run(Verdict.NOT_APPLICABLE)])
    assert found.headline.endswith("; 1 scenario run against http; suite 1, seed 7.")


def test_table_counts_rules_by_level_and_verdict() -> None:
    found = outcome([ruling(), ruling(FAIL), ruling(Verdict.WARN, level="SHOULD")])
    assert found.table() == {
        "MUST": {"pass": 1, "fail": 1},
        "SHOULD": {"warn": 1},
        "MAY": {},
    }


def test_areas_and_counts_add_up() -> None:
    found = outcome([ruling(), ruling(area="keys")], [run(), run(FAIL)])
    assert found.areas() == {"doors": {"pass": 1}, "keys": {"pass": 1}}
    assert found.counts() == {"rules": {"pass": 2}, "runs": {"pass": 1, "fail": 1}}
