from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from strikeplate.requirements import lint, read

if TYPE_CHECKING:
    from pathlib import Path

SOUND = """
Feature: Doors

  @DOR-01 @on-service
  Rule: A door MUST open
    Source: house

    Scenario: It opens
      Given a door
      Then it opens
"""


def found(folder: Path, text: str) -> list[str]:
    (folder / "doors.feature").write_text(text, encoding="utf-8")
    return lint(read(folder), {"bridge": None, "clock": None})


def test_sound_rule_has_no_fault(tmp_path: Path) -> None:
    assert found(tmp_path, SOUND) == []


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("@DOR-01 ", "", "one tag must be its id, as @IGL-02; found none"),
        ("@DOR-01 ", "@DOR-01 @DOR-02 ", "found DOR-01, DOR-02"),
        ("MUST", "must", "its name must hold exactly one of MUST, MUST NOT, SHOULD"),
        ("MUST open", "MUST open and MAY ring", "found MUST, MAY"),
        ("Source: house", "House.", "a line 'Source: ...' must say where"),
        ("Source: house", "Source:", "a line 'Source: ...' must say where"),
        (" @on-service", "", "must say who obeys: @on-service, @on-vendor or both"),
        (
            "@on-service",
            "@on-servce @on-vendor",
            "@on-servce; did you mean 'on-service'",
        ),
        ("@on-service", "@on-service @untested", "is @untested, yet has scenarios"),
        ("Scenario: It opens", "@needs-brige\n    Scenario: X", "mean 'needs-bridge'?"),
        ("Scenario: It opens", "@DOR-02\n    Scenario: X", "unknown tag @DOR-02"),
        ("Feature: Doors", "@fast\nFeature: Doors", "@fast on the Feature"),
        ("It opens\n", "It should open\n", "says 'should'; state what is so"),
        ("It opens\n", "Test that it opens\n", "says 'Test that'"),
        ("It opens\n", f"It {'o' * 90}pens\n", "has 97 characters; 80 at most"),
        ("Then it opens", "When it opens", "has no Then, so it judges nothing"),
        ("Scenario: It", "Scenario Outline: It", "has no row of examples"),
        (
            "Then it opens",
            "Then it opens\n\n    Scenario: It opens\n      Then it opens",
            "2 scenarios are named 'It opens'; all but one are lost",
        ),
        (
            "@DOR-01 @on-service\n  Rule: A door MUST open\n    Source: house\n",
            "",
            "scenario 'It opens' stands under no Rule",
        ),
        (
            "Rule: A",
            "Rule: A MUST x\n    Source: y\n  @DOR-02 @on-vendor\n  Rule: A",
            "no sc",
        ),
        ("Rule: A", "Rule A", "is no Gherkin"),
    ],
)
def test_fault_is_named_with_its_fix(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    assert before in SOUND
    text = "\n".join(found(tmp_path, SOUND.replace(before, after, 1)))
    assert message in text
    assert "doors.feature" in text


def test_untested_rule_says_why(tmp_path: Path) -> None:
    rule = SOUND.partition("    Scenario")[0].replace("@on-", "@untested @on-")
    assert "a line 'Untested: ...' must say why" in found(tmp_path, rule)[0]
    assert found(tmp_path, rule.rstrip() + "\n    Untested: no door yet\n") == []


def test_id_is_used_once(tmp_path: Path) -> None:
    (tmp_path / "more.feature").write_text(SOUND)
    message = "rule id DOR-01 is used 2 times, in doors.feature, more.feature"
    assert found(tmp_path, SOUND) == [message]


def test_tags_on_examples_are_refused(tmp_path: Path) -> None:
    outline = SOUND.replace("Scenario:", "Scenario Outline:") + (
        "      @needs-clock\n      Examples:\n        | a |\n        | 1 |\n"
    )
    assert "@needs-clock on Examples" in found(tmp_path, outline)[0]
