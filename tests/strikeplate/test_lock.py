from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from strikeplate import FEATURES, lock
from strikeplate.requirements import read

if TYPE_CHECKING:
    from pathlib import Path

    from strikeplate.requirements import RequirementCatalogue

RULE = """
Feature: Doors
  @DOR-01 @on-service @needs-bridge @provisional
  Rule: A "door" MUST open
    Source: house

    Scenario: It opens for Åsa
      Then it opens
"""


def catalogue(folder: Path, text: str) -> RequirementCatalogue:
    (folder / "doors.feature").write_text(text, encoding="utf-8")
    (folder / "capabilities.toml").write_text('[bridge]\nmeaning = "a bridge"\n')
    return read(folder)


def test_list_of_the_rules_is_not_stale() -> None:
    stored = (FEATURES / lock.FILE).read_text(encoding="utf-8")
    fresh = lock.render(read(FEATURES), lock.stored(FEATURES))
    assert stored == fresh, "features/requirements.lock is stale: run `make lock`"


def test_rules_of_this_suite_are_sound() -> None:
    assert lock.faults(read(FEATURES), FEATURES) == []


def test_entry_holds_all_that_a_reviewer_reads(tmp_path: Path) -> None:
    text = lock.render(catalogue(tmp_path, RULE), {})
    assert tomllib.loads(text)["DOR-01"] == {
        "text": 'A "door" MUST open',
        "level": "MUST",
        "on": ["service"],
        "area": ".",
        "source": "house",
        "needs": ["bridge"],
        "provisional": True,
        "scenarios": ["It opens for Åsa"],
    }


def test_writing_the_list_twice_changes_nothing(tmp_path: Path) -> None:
    found = catalogue(tmp_path, RULE)
    (tmp_path / lock.FILE).write_text(lock.render(found, {}), encoding="utf-8")
    again = lock.render(found, lock.stored(tmp_path))
    assert again == (tmp_path / lock.FILE).read_text(encoding="utf-8")


def test_rule_that_is_gone_stays_as_withdrawn(tmp_path: Path) -> None:
    before = {"DOR-00": {"text": "A door MUST ring", "level": "MUST"}}
    entries = tomllib.loads(lock.render(catalogue(tmp_path, RULE), before))
    assert entries["DOR-00"] == {"withdrawn": True, "text": "A door MUST ring"}
    later = tomllib.loads(lock.render(catalogue(tmp_path, RULE), entries))
    assert later["DOR-00"] == entries["DOR-00"]


def test_id_that_was_withdrawn_is_not_used_again(tmp_path: Path) -> None:
    withdrawn = '[DOR-01]\nwithdrawn = true\ntext = "A door MUST ring"\n'
    (tmp_path / lock.FILE).write_text(withdrawn)
    message = "rule id DOR-01 was withdrawn; give the new rule a new one"
    assert lock.faults(catalogue(tmp_path, RULE), tmp_path) == [message]
