from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate.profile import KnownFailure
from strikeplate.summary import known_reason, stale_entries
from strikeplate.verdict import Verdict
from tests.strikeplate.builders import run
from tests.strikeplate.conftest import PROFILE

if TYPE_CHECKING:
    from tests.strikeplate.conftest import RulesFolder

FAIL, PASS = Verdict.FAIL, Verdict.PASS
ENTRY = KnownFailure("DOR-01", FAIL, "it sticks")
BY_NAME = KnownFailure("DOR-01", FAIL, "it sticks", scenario="It opens")


def test_run_that_ends_as_expected_is_known() -> None:
    assert known_reason([ENTRY], run(FAIL)) == "it sticks"
    assert known_reason([ENTRY], run(PASS)) is None
    assert known_reason([ENTRY], run(Verdict.ERROR)) is None
    assert known_reason([ENTRY], run(FAIL, rule="DOR-02")) is None
    assert known_reason([BY_NAME], run(FAIL, scenario="It shuts")) is None
    assert (
        known_reason([KnownFailure("DOR-01", FAIL, "x", target="http")], run(FAIL))
        is None
    )


def test_entry_borne_out_by_one_run_is_not_stale() -> None:
    assert (
        list(stale_entries([ENTRY], [run(FAIL), run(PASS, scenario="It shuts")])) == []
    )


def test_entry_whose_rule_did_not_run_is_left_alone() -> None:
    assert list(stale_entries([ENTRY], [])) == []
    assert list(stale_entries([ENTRY], [run(PASS, rule="DOR-02")])) == []


@pytest.mark.parametrize(
    ("entry", "runs", "message"),
    [
        (ENTRY, [run(PASS)], "expected fail, found pass; remove the entry"),
        (ENTRY, [run(Verdict.INCONCLUSIVE)], "expected fail, found inconclusive"),
        (
            KnownFailure("DOR-01", FAIL, "x", scenario="It rings"),
            [run(FAIL)],
            "known failure DOR-01 It rings: names no run; remove the entry",
        ),
        (
            BY_NAME,
            [run(FAIL), run(PASS, target="http")],
            "It opens [http] ended in pass; narrow the entry by its target",
        ),
    ],
)
def test_entry_that_no_longer_holds_is_stale(
    entry: KnownFailure, runs: list[object], message: str
) -> None:
    (sentence,) = stale_entries([entry], runs)  # type: ignore[arg-type]
    assert message in sentence


@pytest.mark.parametrize(
    ("broken", "entry", "code", "message"),
    [
        (True, True, 0, "is as expected, with 1 known failure (DOR-01);"),
        (False, True, 1, "is not as its profile says (1 stale entry)"),
        (True, False, 1, "is not conformant (DOR-01 did not hold)"),
        (False, False, 0, "is conformant; "),
    ],
)
def test_known_failures_are_exact_both_ways(
    rules_folder: RulesFolder, *, broken: bool, entry: bool, code: int, message: str
) -> None:
    known = "[[known-failures]]\nrule = 'DOR-01'\nverdict = 'fail'\nreason = 'sticks'\n"
    rules_folder.write("sample.toml", PROFILE + (known if entry else ""))
    steps = (rules_folder.root / "conftest.py").read_text()
    claim = "def it_opens(): assert False, 'it sticks'"
    rules_folder.write(
        "conftest.py", steps.replace("def it_opens(): pass", claim) if broken else steps
    )
    finished = rules_folder.run()
    assert finished.code == code
    assert message in finished.results.headline
