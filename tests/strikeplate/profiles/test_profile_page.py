"""docs/profile.md is complete, and its commands lead to a profile that is read."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

from strikeplate import FEATURES, HOME, requirements, vocabulary
from strikeplate.__main__ import main
from strikeplate.needs import needs_of
from strikeplate.profile import load_profile
from strikeplate.profiles import shape
from strikeplate.vocabulary import credentials

if TYPE_CHECKING:
    from pathlib import Path

    from strikeplate.requirements import Rule

PAGE = (HOME / "docs" / "profile.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE, re.DOTALL)
TABLES = [
    each
    for each in vars(shape).values()
    if isinstance(each, type) and issubclass(each, shape.Table)
]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_key_of_a_profile_is_named(table: type[shape.Table]) -> None:
    keys = [info.alias or name for name, info in table.model_fields.items()]
    named = re.findall(r"`\[*([\w-]+)[^`]*`", PAGE)
    assert not {*keys} - {*named}


TRAITS = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|.*\| (.*) \|$", PAGE, re.MULTILINE)


def test_rules_that_ask_for_each_trait_are_named() -> None:
    told = {trait: {*rules.split(", ")} for names, rules in TRAITS
            for trait in re.findall(r"\w+", names)}  # fmt: skip
    asked: dict[str, set[str]] = {trait: set() for trait in told}
    for rule in requirements.read(FEATURES).rules:
        for trait in traits_of(rule):
            asked.setdefault(trait, set()).add(rule.id)
    assert asked == told


def traits_of(rule: Rule) -> set[str]:
    words = vocabulary.read(FEATURES)
    own = rule.area.partition("/")[0]
    needs = [
        needs_of(scenario, example, own if own in words else "nuki", words)
        for scenario in rule.scenarios
        if "api" not in rule.needs + scenario.needs
        for example in scenario.examples
    ]
    return {trait for each in needs for trait in each.traits}


def test_commands_of_the_page_write_a_profile_that_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = [text for kind, text in BLOCKS if kind == "json"]
    commands = [text for kind, text in BLOCKS if not kind]
    (variables,) = [text for kind, text in BLOCKS if kind == "toml"]
    for name, sample in zip(("created", "deleted"), samples, strict=True):
        (tmp_path / f"{name}.json").write_text(sample, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    words = shlex.split(commands[0])
    assert words[:3] == ["python", "-m", "strikeplate"]
    assert main(words[3:]) == 0
    written = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    corrected = re.sub(
        r"(?s)\[run\.env\].*?(?=\n\[clock\])", lambda _: variables, written
    )
    (tmp_path / "mine.toml").write_text(corrected, encoding="utf-8")
    vendors = credentials(vocabulary.read(FEATURES))
    declared = load_profile("mine.toml", (), (), vendors).declared
    assert declared is not None
    assert declared.run is not None
    assert "SPACES" in declared.run.env
