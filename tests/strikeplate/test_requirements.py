from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate.requirements import read

if TYPE_CHECKING:
    from pathlib import Path

    from strikeplate.requirements import RequirementCatalogue

FEATURE = """
Feature: Doors
  Said in two
  lines.

  Background:
    Given a house

  @DOR-02 @on-service @on-vendor @needs-bridge @provisional
  Rule: A door MUST NOT open twice
    It would be
    odd.
    Source: seed 000;
      house
    Twice is once too often.

    Background:
      Given a door

    Scenario: It opens once
      When it is opened
      And it is opened
      Then it opens once

    @on-vendor @needs-clock
    Scenario Outline: It opens at <time>
      Then it opens

      Examples: day
        | time |
        | noon |
        | six  |

      Examples: night
        | time |
        | ten  |

  @DOR-01 @on-vendor @untested
  Rule: A door MAY ring
    Source: house
    Untested: no bell
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> RequirementCatalogue:
    (tmp_path / "doors").mkdir()
    (tmp_path / "doors/doors.feature").write_text(FEATURE)
    return read(tmp_path)


def test_rules_are_listed_by_area_and_id(catalogue: RequirementCatalogue) -> None:
    assert [rule.id for rule in catalogue.rules] == ["DOR-01", "DOR-02"]
    assert {rule.area for rule in catalogue.rules} == {"doors"}


def test_rule_is_read_from_its_tags_name_and_description(
    catalogue: RequirementCatalogue,
) -> None:
    rule = catalogue.rules[1]
    assert rule.level == "MUST"
    assert rule.levels == ("MUST NOT",)
    assert rule.source == "seed 000; house"
    assert rule.remark == "It would be odd. Twice is once too often."
    assert rule.on == ("service", "vendor")
    assert rule.needs == ("bridge",)
    assert rule.provisional
    assert rule.untested is None
    assert rule.line == 10


def test_untested_rule_tells_why(catalogue: RequirementCatalogue) -> None:
    rule = catalogue.rules[0]
    assert rule.untested == "no bell"
    assert rule.level == "MAY"
    assert rule.scenarios == ()


def test_scenario_narrows_whom_its_rule_concerns(
    catalogue: RequirementCatalogue,
) -> None:
    rule = catalogue.rules[1]
    once, at = rule.scenarios
    assert rule.roles(once) == ("service", "vendor")
    assert rule.roles(at) == ("vendor",)
    assert at.needs == ("clock",)


def test_outline_counts_the_rows_of_all_its_tables(
    catalogue: RequirementCatalogue,
) -> None:
    once, at = catalogue.rules[1].scenarios
    assert (len(once.examples), len(at.examples)) == (1, 3)


def test_and_keeps_the_kind_of_the_step_before(catalogue: RequirementCatalogue) -> None:
    kinds = [step.kind for step in catalogue.rules[1].scenarios[0].steps]
    assert kinds == ["Context", "Action", "Action", "Outcome"]


def test_file_that_is_no_gherkin_is_told_not_lost(tmp_path: Path) -> None:
    (tmp_path / "bad.feature").write_text(
        "Feature: x\n  Scenario: y\n    Given z\n    Nonsense\n"
    )
    catalogue = read(tmp_path)
    assert catalogue.rules == ()
    assert "bad.feature: is no Gherkin: " in catalogue.unreadable[0]


def test_empty_file_holds_no_rules(tmp_path: Path) -> None:
    (tmp_path / "empty.feature").write_text("")
    assert read(tmp_path).rules == ()
