from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fakes.doors import lock, schedule
from service.domain import booking, retry
from service.domain.access import TABLE, Status, Step
from service.store import leases
from service.store.rules import StoredRule
from strikeplate import requirements
from strikeplate.mutants import Mutant, all_mutants, reach
from strikeplate.mutants.reach import NAMED, Point, Reach
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST, SECOND, *REST = reach.scenario_keys()
JOIN = "service/domain/booking.py:join"


def replacing(apply: Callable[[pytest.MonkeyPatch], None]) -> Mutant:
    nothing: frozenset[str] = frozenset()
    return Mutant("it", "service", "", nothing, nothing, False, apply, None)


def points(owner: object, name: str) -> list[Point]:
    return reach.points(replacing(lambda patch: patch.setattr(owner, name, None)))


def test_record_in_the_repository_is_not_stale() -> None:
    recorded = reach.read()
    reach.require_current(recorded)
    for mutant in all_mutants():
        assert recorded.by(mutant), mutant.name


def test_stated_rules_have_a_scenario_in_reach() -> None:
    recorded, titles = reach.read(), reach.scenario_keys()
    for mutant in all_mutants():
        reached = {titles[key].partition(":")[0] for key in recorded.by(mutant)}
        assert mutant.fails <= reached, mutant.name


def test_function_is_known_by_its_file_and_name() -> None:
    assert points(booking, "join") == [Point("join", JOIN)]
    assert points(StoredRule, "rule") == [
        Point("rule", "service/store/rules.py:StoredRule.rule")
    ]


@pytest.mark.parametrize(
    ("owner", "name"),
    [(retry, "POLL_STEPS"), (lock, "_REFUSALS"), (schedule, "_Case")],
)
def test_what_is_no_function_is_known_by_its_name(owner: object, name: str) -> None:
    assert points(owner, name) == [Point(name)]


def test_function_behind_a_cache_is_known_by_its_name() -> None:
    cached = next(n for n, v in vars(leases).items() if hasattr(v, "cache_clear"))
    assert points(leases, cached) == [Point(cached)]


def test_row_of_a_table_is_known_by_the_tables_name() -> None:
    row = TABLE[Status.CREATED]
    mutant = replacing(lambda patch: patch.setitem(row, Step.KEPT, Status.REMOVED))
    assert reach.points(mutant) == [Point("TABLE")]


def test_row_of_a_table_without_a_name_is_refused() -> None:
    mutant = replacing(lambda patch: patch.setitem({}, "a", 1))
    with pytest.raises(Misuse, match="a table without a name"):
        reach.points(mutant)


def test_only_scenarios_that_run_a_function_are_reached() -> None:
    every = tuple(reach.scenario_keys())
    recorded = Reach(every, {JOIN: frozenset({FIRST})})
    mutant = replacing(lambda patch: patch.setattr(booking, "join", None))
    assert recorded.by(mutant) == {FIRST}


def test_what_reads_a_name_reaches_what_is_replaced_there() -> None:
    readers = [f for f, words in reach.names_read().items() if "POLL_STEPS" in words]
    functions = dict.fromkeys(readers, frozenset({SECOND}))
    recorded = Reach(tuple(reach.scenario_keys()), functions)
    mutant = replacing(lambda patch: patch.setattr(retry, "POLL_STEPS", ()))
    assert recorded.by(mutant) == {SECOND}


def test_reader_that_is_not_recorded_counts_as_run_by_all() -> None:
    recorded = Reach(tuple(reach.scenario_keys()), {})
    mutant = replacing(lambda patch: patch.setattr(retry, "POLL_STEPS", ()))
    assert recorded.by(mutant) == set(reach.scenario_keys())


def test_scenario_that_is_not_recorded_counts_as_reached() -> None:
    recorded = Reach((SECOND, *REST), {JOIN: frozenset({SECOND})})
    mutant = replacing(lambda patch: patch.setattr(booking, "join", None))
    assert recorded.by(mutant) == {FIRST, SECOND}


def test_function_that_is_not_recorded_is_an_error_that_names_the_command() -> None:
    mutant = replacing(lambda patch: patch.setattr(booking, "join", None))
    with pytest.raises(Misuse, match=r"booking.py:join.* python -m strikeplate lock"):
        Reach(tuple(reach.scenario_keys()), {}).by(mutant)


def test_application_around_the_whole_is_reached_by_all() -> None:
    mutant = replace(replacing(lambda _patch: None), apply=None, wrap=lambda app: app)
    assert Reach((), {}).by(mutant) == set(reach.scenario_keys())


def test_record_that_lacks_a_scenario_is_stale() -> None:
    named = [key for key in reach.scenario_keys() if key[:NAMED] != FIRST[:NAMED]]
    title = reach.scenario_keys()[FIRST].partition("'")[0]
    with pytest.raises(Misuse, match=f"lacks .{title}.*python -m strikeplate lock"):
        reach.require_current(Reach(tuple(named), {}))


def test_record_of_a_scenario_that_is_gone_is_stale() -> None:
    with pytest.raises(Misuse, match="has scenarios that are gone"):
        reach.require_current(Reach((*reach.scenario_keys(), "0" * 14), {}))


def test_scenario_with_another_text_has_another_key_of_the_same_name() -> None:
    rule = next(r for r in requirements.read(reach.FEATURES).rules if r.scenarios)
    scenario = rule.scenarios[0]
    shorter = replace(scenario, steps=scenario.steps[1:])
    example = scenario.examples[0]
    one = reach.scenario_key("service", rule, scenario, example)
    other = reach.scenario_key("service", rule, shorter, example)
    assert one[:NAMED] == other[:NAMED]
    assert one != other


def test_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    functions = {"f.py:g": frozenset({"a"}), "f.py:h": frozenset[str]()}
    written = Reach(("b", "a"), functions, {"it": ("a", "b")})
    reach.write(written, tmp_path / "reach.json")
    assert reach.read(tmp_path / "reach.json") == written
