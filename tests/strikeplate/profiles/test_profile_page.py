"""docs/profile.md is complete, and its commands lead to a first booking."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

import pytest

from strikeplate import FEATURES, HOME, requirements, vocabulary
from strikeplate.__main__ import main
from strikeplate.needs import needs_of
from strikeplate.profile import load_profile
from strikeplate.profiles import shape
from strikeplate.vocabulary import credentials
from tests.examples.programs import NO_NODE, NODE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from strikeplate.needs import Needs

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


ACTED = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| ([^|]*\d) \|$", PAGE, re.MULTILINE)
WORDS = vocabulary.read(FEATURES)


def test_rules_that_ask_for_each_trait_are_named() -> None:
    asked = rules_by(lambda needs, tags: () if "api" in tags else needs.traits)
    told = {trait: {*rules.split(", ")} for names, rules in TRAITS
            for trait in re.findall(r"\w+", names)}  # fmt: skip
    assert asked == told


def test_rules_that_ask_for_actions_of_the_owner_are_named() -> None:
    asked = rules_by(lambda needs, _: needs.actions)
    groups = {names: re.findall(r"\w+", names) for names, _ in ACTED}
    assert {action for names in groups.values() for action in names} == {*asked}
    for names, rules in ACTED:
        of = set().union(*(asked[action] for action in groups[names]))
        assert {*rules.split(", ")} == of


def rules_by(
    words: Callable[[Needs, tuple[str, ...]], Iterable[str]],
) -> dict[str, set[str]]:
    """Return the rules that need each word of a profile, by what their runs need."""
    found: dict[str, set[str]] = {}
    for rule in requirements.read(FEATURES).rules:
        own = rule.area.partition("/")[0]
        for scenario in rule.scenarios:
            for example in scenario.examples:
                vendor = own if own in WORDS else "nuki"
                needs = needs_of(scenario, example, vendor, WORDS)
                for word in words(needs, rule.needs + scenario.needs):
                    found.setdefault(word, set()).add(rule.id)
    return found


def test_commands_of_the_page_lead_to_a_first_booking(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
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
    if not NODE:
        pytest.skip(NO_NODE)
    shutil.copy(HOME / "examples" / "node-nuki" / "server.js", tmp_path)
    capsys.readouterr()
    words = shlex.split(commands[1])
    assert words[-1] == "--dry-run"
    assert main(words[3:]) == 0
    printed = capsys.readouterr().out
    assert "POST /hooks/reservations: 200" in printed
    assert "one code, which opens in time and only then" in printed
