"""The list of rules: complete in each format, and filtered as asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from strikeplate import FEATURES, requirements, vocabulary
from strikeplate.__main__ import main
from strikeplate.rules import catalogue, listed

RULES = {rule.id: rule for rule in requirements.read(FEATURES).rules}


def printed(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["rules", *options]) == 0
    return capsys.readouterr().out


def as_json(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        printed(capsys, "--format", "json", *options)
    )
    return found


@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_every_rule_is_listed_with_text_and_source(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = printed(capsys, "--format", form)
    for rule in RULES.values():
        assert rule.id in told
        assert rule.name in told
        assert requirements.readable_source(rule.source) in told


def test_json_says_who_obeys_and_what_is_needed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = {each["id"]: each for each in as_json(capsys)}
    upkeep = found["NUK-13"]
    assert upkeep["on"] == ["service"]
    assert upkeep["vendors"] == ["nuki"]
    assert upkeep["level"] == "MUST"
    assert "clock" in upkeep["needs"]["capabilities"]
    assert upkeep["scenarios"] == len(RULES["NUK-13"].scenarios)
    assert found["CON-11"]["vendors"] == []


def test_rules_of_one_vendor_hold_the_common_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ids = {each["id"] for each in as_json(capsys, "--vendor", "nuki")}
    assert {"NUK-01", "CON-11"} <= ids
    assert not [name for name in ids if name.startswith(("IGL", "EXV", "LIV"))]


def test_only_keeps_rules_whose_ids_begin_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ids = [each["id"] for each in as_json(capsys, "--only", "IGL", "--only", "CON-01")]
    assert "CON-01" in ids
    assert all(name.startswith(("IGL", "CON-01")) for name in ids)


def test_core_is_listed_alone(capsys: pytest.CaptureFixture[str]) -> None:
    ids = {each["id"] for each in as_json(capsys, "--core")}
    assert ids == {rule.id for rule in RULES.values() if rule.core}
    assert "CON-11" in ids


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--vendor", "nukki"], "did you mean 'nuki'?"),
        (["--only", "IGX"], "no rule begins with 'IGX'"),
        (["--format", "yaml"], "'yaml'"),
    ],
)
def test_unknown_word_is_refused_with_exit_code_2(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", *options]) == 2
    assert told in capsys.readouterr().err


def test_need_of_some_scenarios_is_told_apart() -> None:
    rule = next(r for r in RULES.values() if len({s.needs for s in r.scenarios}) > 1)
    words = vocabulary.read(FEATURES)
    found = listed(rule, words, ["api", "clock", "restart", "storage"])
    assert found.some_need
    assert "some scenarios: " in found.all_needs


def test_markdown_has_one_row_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    rows = printed(capsys, "--format", "markdown").splitlines()
    assert len(rows) == len(catalogue()) + 2
    assert {row.replace(r"\|", "").count("|") for row in rows} == {8}
