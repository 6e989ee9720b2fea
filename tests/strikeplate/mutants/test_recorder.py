from __future__ import annotations

import json
import subprocess
import sys

import pytest

from strikeplate import variables
from strikeplate.mutants import reach
from strikeplate.mutants.reach import Reach
from strikeplate.mutants.recorder import merged

JOIN = "service/domain/booking.py:join"
GONE = "service/domain/booking.py:of_old"

RECORD = """
import json, sys
from strikeplate.mutants.recorder import record
found = record(set(sys.argv[1:]))
print(json.dumps({key: sorted(names) for key, names in found.items()}))
"""


ASKED = {
    "service": "IGL-02: A booking of whole hours gets not a minute more",
    "vendor": "LIV-01: A contract until <end> is good until then, "
    "not until the checkout",
}
"""A scenario of each role."""


@pytest.fixture(scope="module")
def recorded() -> dict[str, list[str]]:
    """Return what was recorded of the scenarios, all together, by title."""
    titles = {title: key for key, title in reach.scenario_keys().items()}
    keys = {title: titles[title] for title in ASKED.values()}
    words = [sys.executable, "-P", "-c", RECORD, *keys.values()]
    text = subprocess.check_output(words, env=variables(), text=True)  # noqa: S603 - our own words
    found: dict[str, list[str]] = json.loads(text)
    assert found.keys() == {*keys.values()}
    return {title: found[key] for title, key in keys.items()}


def test_scenario_is_recorded_with_all_that_it_runs(
    recorded: dict[str, list[str]],
) -> None:
    found = recorded[ASKED["service"]]
    assert "service/vendors/igloohome/mapping.py:plan" in found
    assert "service/app.py:open_service" in found  # at the start of the subject
    assert "service/vendors/nuki/mapping.py:plan" not in found


def test_scenarios_of_both_roles_are_recorded_together(
    recorded: dict[str, list[str]],
) -> None:
    assert all(recorded.values())
    assert "service/app.py:open_service" not in recorded[ASKED["vendor"]]


def test_what_was_recorded_before_is_kept() -> None:
    known = Reach(("a", "b"), {JOIN: frozenset({"a"})}, {"it": ("a",)})
    now = merged(known, ("a",), {"c": frozenset({JOIN})})
    assert now.scenarios == ("a", "c")
    assert now.functions[JOIN] == {"a", "c"}
    assert now.witnesses == known.witnesses


def test_function_that_nothing_runs_is_recorded_and_one_that_is_gone_is_not() -> None:
    known = Reach(("a",), {GONE: frozenset({"a"})})
    now = merged(known, ("a",), {"c": frozenset({GONE})})
    assert GONE not in now.functions
    assert now.functions[JOIN] == set()
