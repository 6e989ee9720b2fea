"""A small folder of rules with steps of its own, which tests run as a session."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from strikeplate import results

if TYPE_CHECKING:
    from strikeplate.results import Results
    from strikeplate.verdict import Verdict

SAMPLE = Path(__file__).parent / "sample"
collect_ignore = ["sample"]

STEPS = """
from pytest_bdd import given, then, when
@given("a door")
def a_door(): pass
@then("it opens")
def it_opens(): pass
"""
PROFILE = """
[subject]
name = "sample service"
version = "2.0"
connect = "inprocess:sample"
"""
BINDER = """
from pytest_bdd import scenarios
scenarios(".")
"""
RULE = """
Feature: Doors
  @DOR-01 @on-service
  Rule: A door MUST open
    Source: house
    Scenario: It opens
      Given a door
      Then it opens
"""


@dataclass(frozen=True)
class Finished:
    """One finished session: its exit code, its output, and its results folder."""

    code: int
    printed: str
    place: Path

    @property
    def results(self) -> Results:
        return results.read(self.place / "results.ndjson")

    def verdict(self, scenario: str) -> Verdict:
        return next(r.verdict for r in self.results.runs if r.scenario == scenario)

    def reason(self, scenario: str) -> str | None:
        return next(r.reason for r in self.results.runs if r.scenario == scenario)

    def text(self, name: str) -> str:
        return (self.place / name).read_text(encoding="utf-8")


class RulesFolder:
    """A folder of valid rules; a test changes one file of it."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.root = pytester.path
        self.write("conftest.py", STEPS)
        self.write("test_binder.py", BINDER)
        self.write("sample.toml", PROFILE)
        self.write("doors/doors.feature", RULE)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def take_sample(self) -> None:
        (self.root / "doors/doors.feature").unlink()
        shutil.copytree(SAMPLE, self.root, dirs_exist_ok=True)
        self.write("conftest.py", "from steps import *\n")

    def run(self, *options: str) -> Finished:
        done = self.pytester.runpytest_inprocess(
            *("--disable-plugin-autoload", "-p", "pytest_bdd.plugin"),
            *("-p", "strikeplate.hooks", "--tb=no"),
            *("--rules", str(self.root), "--profile", str(self.root / "sample.toml")),
            *options,
        )
        printed = "\n".join((*done.outlines, *done.errlines))
        return Finished(int(done.ret), printed, self.root / "results" / "sample")


@pytest.fixture
def rules_folder(pytester: pytest.Pytester) -> RulesFolder:
    return RulesFolder(pytester)


@pytest.fixture
def sample(rules_folder: RulesFolder) -> Finished:
    """Judge the sample, whose scenarios end in every verdict there is."""
    rules_folder.take_sample()
    return rules_folder.run()
