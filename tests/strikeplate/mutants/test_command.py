from __future__ import annotations

from dataclasses import replace

import pytest

from strikeplate import FEATURES, requirements
from strikeplate.mutants import Mutant, all_mutants, load_mutant, reach
from strikeplate.mutants.command import NOTHING, Proof, proof_table
from strikeplate.verdict import HarnessFault
from tests.forks import strikeplate

EVERY = all_mutants()
RULES = {rule.id: rule for rule in requirements.read(FEATURES).rules}


def mutant(*breaks: str, null: bool = False) -> Mutant:
    return Mutant("it", "service", "", frozenset(breaks), frozenset(), null, None, None)


def proof(finished: Mutant, broken: set[str], kept: set[str] | None = None) -> Proof:
    by = dict.fromkeys(broken, "")
    found = NOTHING._replace(broken=by, kept=frozenset(kept or ()))
    return Proof(finished, found)


@pytest.mark.parametrize("each", EVERY, ids=lambda mutant: mutant.name)
def test_mutant_says_what_it_does_and_what_it_breaks(each: Mutant) -> None:
    assert each.sentence.endswith(".")
    assert bool(each.apply) != bool(each.wrap)
    assert [bool(each.breaks), each.null, bool(each.reads)].count(True) == 1
    for prefix in each.reads:
        assert any(rule.startswith(prefix) for rule in RULES)
    for rule in each.fails:
        assert each.on in RULES[rule].on


def test_every_rule_that_is_judged_is_broken_by_some_mutant() -> None:
    proven = {rule for each in EVERY for rule in each.breaks}
    assert {rule.id for rule in RULES.values() if rule.scenarios} <= proven


@pytest.mark.parametrize("each", EVERY, ids=lambda mutant: mutant.name)
def test_mutant_can_be_applied(each: Mutant) -> None:
    with each.applied():
        assert each.apply or each.wrap


def test_mutant_that_breaks_what_it_names_has_no_fault() -> None:
    assert proof(mutant("CON-01"), {"CON-01"}).faults == []


def test_survivor_and_unexpected_failure_are_reported() -> None:
    faults = proof(mutant("CON-01"), {"CON-02"}).faults
    assert faults == ["does not break CON-01", "also breaks CON-02"]


def test_unexpected_failure_is_told_with_its_scenario() -> None:
    key, title = next(iter(reach.scenario_keys().items()))
    rule, _, name = title.partition(": ")
    found = NOTHING._replace(broken={rule: key})
    assert Proof(mutant(), found).faults == [f"also breaks {rule} by {name}"]


def test_null_under_which_a_rule_passes_is_reported() -> None:
    assert proof(mutant(null=True), set()).faults == []
    assert proof(mutant(null=True), set(), {"CON-07"}).faults == ["keeps CON-07"]


def test_benign_variant_that_fails_a_rule_is_reported() -> None:
    benign = replace(mutant(), reads=frozenset({"CON"}))
    assert proof(benign, set(), {"CON-07"}).faults == []
    assert proof(benign, {"CON-02"}, {"CON-07"}).faults == ["also breaks CON-02"]
    assert proof(benign, set()).faults == ["was judged by no rule"]


def test_report_names_what_is_not_proven() -> None:
    lines = list(proof_table([proof(mutant("CON-01"), {"CON-01"})], ["CON-02"]))
    assert "CON-01  it" in lines
    assert "NOT PROVEN  CON-02: no mutant breaks it" in lines
    assert lines[-1] == "1 mutants judged, 1 rules proven; 1 things are wrong."


def test_unknown_mutant_is_told_its_nearest() -> None:
    with pytest.raises(HarnessFault, match="accepts_every_pin_only_once"):
        load_mutant("accepts_every_pin_once")


def test_line_tells_how_many_scenarios_were_run_and_could_be() -> None:
    found = NOTHING._replace(broken={"CON-01": ""}, ran=3, reached=7, every=9)
    assert Proof(mutant("CON-01"), found).line == (
        "it: CON-01; as stated (3 scenarios run, 7 of 9 in reach)"
    )


def test_mutant_that_could_not_be_judged_is_no_mutant_as_stated() -> None:
    assert Proof(mutant(null=True), NOTHING, "its process ended").faults == [
        "its process ended"
    ]


@pytest.mark.parametrize(
    ("name", "code", "line"),
    [
        ("says_nothing_of_late_keys", 0, "all as stated."),
        ("says_nothing_of_late_key", 2, "no mutant is called"),
    ],
)
def test_command_judges_mutants_by_name(name: str, code: int, line: str) -> None:
    ended = strikeplate("mutants", name, "--sample", "0")
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert line in ended.stdout + ended.stderr
