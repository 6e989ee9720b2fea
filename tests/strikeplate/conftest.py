"""A house: a small folder of rules with its own steps, judged within a test."""

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
class Judged:
    """What came of one judgement: the exit code, what was printed, what was written."""

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


class House:
    """A folder of rules, complete and sound until a test changes a file of it."""

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

    def judge(self, *options: str) -> Judged:
        done = self.pytester.runpytest_inprocess(
            *("--disable-plugin-autoload", "-p", "pytest_bdd.plugin"),
            *("-p", "strikeplate.hooks", "--tb=no"),
            *("--rules", str(self.root), "--profile", str(self.root / "sample.toml")),
            *options,
        )
        printed = "\n".join((*done.outlines, *done.errlines))
        return Judged(int(done.ret), printed, self.root / "results" / "sample")


@pytest.fixture
def house(pytester: pytest.Pytester) -> House:
    return House(pytester)


@pytest.fixture
def sample(house: House) -> Judged:
    """Judge the sample, whose scenarios end in every verdict there is."""
    house.take_sample()
    return house.judge()
