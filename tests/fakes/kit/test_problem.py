from __future__ import annotations

from fakes.kit.json_api import Problem, unknown, wrong


def test_unknown_word_is_told_with_the_nearest_and_all_known() -> None:
    said = unknown("vendor", "acne", ["best", "acme"])
    assert said == "unknown vendor 'acne'; did you mean 'acme'? Known: acme, best."


def test_of_very_many_only_a_few_are_told() -> None:
    said = unknown("door", "x", (f"door-{n}" for n in range(1_000_000)))
    assert said.endswith("door-115 and others.")


def test_problem_document_names_field_value_and_fix() -> None:
    assert wrong("battery", 101, "give 0 to 100").describe() == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "battery 101: give 0 to 100",
        "errors": [{"field": "battery", "value": 101, "fix": "give 0 to 100"}],
    }
    assert "errors" not in Problem(404, "gone").describe()
