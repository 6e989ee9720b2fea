from __future__ import annotations

from dataclasses import replace

import pytest

from strikeplate.mutants import Mutant
from strikeplate.mutants.mutant_run import MutantRun, in_order
from strikeplate.results import RunResult
from strikeplate.verdict import Verdict

NOBODY: frozenset[str] = frozenset()
MUTANT = Mutant("it", "service", "", frozenset({"B"}), NOBODY, False, None, None)
NULL = replace(MUTANT, breaks=NOBODY, null=True)
SCENARIOS = ["A1", "A2", "B1", "B2", "C1", "C2"]


def chosen(mutant: Mutant, sample: int | None = None, seed: int = 7) -> list[str]:
    return in_order(mutant, SCENARIOS, lambda name: name[0], sample, seed)


def judged(*runs: tuple[str, Verdict, str | None]) -> MutantRun:
    run = MutantRun(MUTANT, NOBODY)
    for rule, verdict, reason in runs:
        run.note(RunResult(rule, "", "", {}, "mutant", verdict, reason))
    return run


def test_scenarios_of_the_stated_rules_come_first() -> None:
    assert chosen(MUTANT) == ["B1", "B2", "A1", "A2", "C1", "C2"]


def test_sample_leaves_out_no_scenario_of_a_stated_rule() -> None:
    assert chosen(MUTANT, sample=0) == ["B1", "B2"]
    assert len(chosen(MUTANT, sample=3)) == 5
    assert len(chosen(MUTANT, sample=99)) == 6


def test_sample_depends_on_its_seed_alone() -> None:
    samples = {tuple(chosen(MUTANT, 2, seed)) for seed in range(20)}
    assert len(samples) > 1
    assert chosen(MUTANT, 2, seed=3) == chosen(MUTANT, 2, seed=3)


def test_null_is_sampled_by_whole_rules() -> None:
    assert chosen(NULL, sample=1) in (["A1", "A2"], ["B1", "B2"], ["C1", "C2"])


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [(Verdict.FAIL, "no"), (Verdict.WARN, "no"), (Verdict.PASS, "a MAY is not met")],
)
def test_rule_is_broken_by_one_scenario(verdict: Verdict, reason: str) -> None:
    found = judged(("B", Verdict.PASS, None), ("B", verdict, reason)).found()
    assert (set(found.broken), found.kept, found.ran) == ({"B"}, set(), 2)


def test_rule_is_kept_when_all_its_scenarios_pass() -> None:
    found = judged(("A", Verdict.PASS, None), ("A", Verdict.PASS, None)).found()
    assert (found.broken, found.kept) == ({}, {"A"})


@pytest.mark.parametrize("verdict", [Verdict.INCONCLUSIVE, Verdict.ERROR])
def test_scenario_that_could_not_be_set_up_says_nothing(verdict: Verdict) -> None:
    found = judged(("A", Verdict.PASS, None), ("A", verdict, "not set up")).found()
    assert (found.broken, found.kept) == ({}, set())
