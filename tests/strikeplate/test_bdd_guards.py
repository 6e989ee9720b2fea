from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING

import pytest

from tests.strikeplate.conftest import RULE, STEPS

if TYPE_CHECKING:
    from tests.strikeplate.conftest import RulesFolder

PRIVATE = [
    ("pytest_bdd.scenario", "scenario_wrapper_template_registry"),
    ("pytest_bdd.scenario", "find_fixturedefs_for_step"),
    ("pytest_bdd.gherkin_parser", "Parser"),
    ("pytest_bdd.steps", "step_function_context_registry"),
    ("pytest_bdd.steps", "StepNamePrefix"),
    ("pytest_bdd.compat", "get_fixture_names"),
    ("pytest_bdd.compat", "getfixturedefs"),
]


@pytest.mark.parametrize(("module", "name"), PRIVATE)
def test_name_that_the_guards_lean_on_is_where_it_was(module: str, name: str) -> None:
    assert hasattr(importlib.import_module(module), name), (
        f"pytest-bdd moved {module}.{name}; strikeplate/guards.py must follow"
    )


def test_step_definitions_still_carry_what_the_guards_read() -> None:
    steps = importlib.import_module("pytest_bdd.steps")
    fields = inspect.signature(steps.StepFunctionContext).parameters
    assert {"type", "step_func", "parser"} <= set(fields), (
        "pytest-bdd changed StepFunctionContext; strikeplate/guards.py must follow"
    )


def test_step_without_a_definition_is_a_fault(rules_folder: RulesFolder) -> None:
    rules_folder.write("conftest.py", STEPS.replace("it opens", "it shuts"))
    finished = rules_folder.run()
    assert finished.code == 3
    assert (
        "doors/doors.feature:8: Then 'it opens' has no step definition"
        in finished.printed
    )
    assert not (finished.place / "results.ndjson").exists()


def test_step_that_fits_two_definitions_is_a_fault(rules_folder: RulesFolder) -> None:
    rules_folder.write(
        "conftest.py",
        STEPS
        + """
from pytest_bdd import parsers
@then(parsers.parse("it {does}"))
def it_does(does): pass
""",
    )
    finished = rules_folder.run()
    assert finished.code == 3
    assert "Then 'it opens' fits 2 definitions: @then('it opens')" in finished.printed


def test_step_of_an_outline_is_looked_at_as_it_is_rendered(
    rules_folder: RulesFolder,
) -> None:
    outline = RULE.replace("Scenario:", "Scenario Outline:").replace(
        "it o", "it <does>"
    )
    table = "      Examples:\n        | does |\n        | o |\n"
    rules_folder.write("doors/doors.feature", outline + table)
    assert rules_folder.run().code == 0


def test_definition_that_nobody_uses_is_a_fault(rules_folder: RulesFolder) -> None:
    rules_folder.write(
        "conftest.py", STEPS + '@when("it rings")\ndef it_rings(): pass\n'
    )
    finished = rules_folder.run()
    assert finished.code == 3
    assert "@when('it rings') in conftest is used by no scenario" in finished.printed


def test_definition_used_only_by_rules_not_asked_for_is_none(
    rules_folder: RulesFolder,
) -> None:
    rules_folder.take_sample()
    assert rules_folder.run("--only", "DOR-01").code == 0


def test_repeated_name_of_a_scenario_is_a_fault(rules_folder: RulesFolder) -> None:
    again = "    Scenario: It opens\n      Then it opens\n"
    rules_folder.write("doors/doors.feature", RULE + again)
    finished = rules_folder.run()
    assert finished.code == 3
    assert "2 scenarios are named 'It opens'; all but one are lost" in finished.printed


def test_scenario_that_is_not_collected_is_a_fault(rules_folder: RulesFolder) -> None:
    rules_folder.write(
        "test_binder.py", "from pytest_bdd import scenarios\nscenarios('more')\n"
    )
    rules_folder.write("more/more.feature", RULE.replace("DOR-01", "DOR-02"))
    finished = rules_folder.run()
    assert finished.code == 3
    message = "doors/doors.feature: scenario 'It opens' was not collected"
    assert message in finished.printed


def test_test_that_is_no_scenario_is_a_fault(rules_folder: RulesFolder) -> None:
    rules_folder.write("test_more.py", "def test_something(): pass\n")
    finished = rules_folder.run()
    assert finished.code == 3
    assert (
        "test_something[inprocess]: is no scenario; tests belong in" in finished.printed
    )
