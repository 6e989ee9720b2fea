"""The catalogue of requirements: every rule that the feature files state.

A Gherkin Rule is a requirement: its tag is the id, its name holds one word of RFC 2119,
its description names the source, its scenarios are the evidence. Reading judges
nothing: a malformed rule is kept as it is, and `feature_lint` says what is wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from gherkin.errors import ParserError
from gherkin.parser import Parser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from strikeplate.target import Role

ID = re.compile(r"[A-Z]{3}-\d{2}")
LEVEL = re.compile(r"\b(MUST NOT|MUST|SHOULD NOT|SHOULD|MAY)\b")
NOTE = re.compile(r"^( *)(Source|Untested):(.*(?:\n\1 +.*)*)", re.MULTILINE)
"""A label and its text; lines that are indented deeper go on with it."""
ROLES: tuple[Role, ...] = ("service", "vendor")

Node = dict[str, Any]  # gherkin-official gives plain, nested dictionaries


@dataclass(frozen=True)
class Scenario:
    """One piece of evidence: its own tags, its steps' kinds, its rows (1 if plain)."""

    name: str
    line: int
    tags: tuple[str, ...]
    example_tags: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: int

    @property
    def on(self) -> tuple[str, ...]:
        """Who must obey, where the scenario narrows what its rule says."""
        return _suffixes("on-", self.tags)

    @property
    def needs(self) -> tuple[str, ...]:
        """The capabilities this scenario needs beside those of its rule."""
        return _suffixes("needs-", self.tags)


@dataclass(frozen=True)
class Rule:
    """One requirement, as written."""

    file: str
    line: int
    name: str
    tags: tuple[str, ...]
    description: str
    scenarios: tuple[Scenario, ...]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Every tag that has the form of an id; a sound rule has one."""
        return tuple(tag for tag in self.tags if ID.fullmatch(tag))

    @property
    def id(self) -> str:
        """The id, or an empty text when there is none."""
        return self.ids[0] if self.ids else ""

    @property
    def area(self) -> str:
        """The folder the rule lives in."""
        return self.file.rpartition("/")[0] or "."

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Every word of RFC 2119 in the name; a sound rule has one."""
        return tuple(LEVEL.findall(self.name))

    @property
    def level(self) -> str:
        """How binding the rule is: MUST, SHOULD or MAY, negated or not."""
        return self.levels[0].removesuffix(" NOT") if self.levels else ""

    @cached_property
    def notes(self) -> dict[str, str]:
        """The labelled remarks of the description, such as Source."""
        found = NOTE.finditer(self.description)
        return {note[2]: " ".join(note[3].split()) for note in found}

    @property
    def remark(self) -> str:
        """The rest of the description."""
        return " ".join(NOTE.sub("", self.description).split())

    @property
    def source(self) -> str:
        """Where the rule is stated."""
        return self.notes.get("Source", "")

    @property
    def untested(self) -> str | None:
        """Why no scenario looks at the rule yet, or None when some do."""
        return self.notes.get("Untested", "") if "untested" in self.tags else None

    @property
    def provisional(self) -> bool:
        """True while the rule rests on a guess; it then decides no headline."""
        return "provisional" in self.tags

    @property
    def on(self) -> tuple[str, ...]:
        """Who must obey: service, vendor, or both."""
        return _suffixes("on-", self.tags)

    @property
    def needs(self) -> tuple[str, ...]:
        """The capabilities without which the rule does not apply."""
        return _suffixes("needs-", self.tags)

    def roles(self, scenario: Scenario) -> tuple[Role, ...]:
        """Return whom a scenario is held against: as it says, else as its rule does."""
        said = scenario.on or self.on
        return tuple(role for role in ROLES if role in said)


@dataclass(frozen=True)
class FeatureFile:
    """One file: its rules, and scenarios that stand outside of any rule."""

    file: str
    tags: tuple[str, ...]
    rules: tuple[Rule, ...]
    stray: tuple[str, ...]


@dataclass(frozen=True)
class RequirementCatalogue:
    """All files below one folder, and the faults of those that could not be read."""

    files: tuple[FeatureFile, ...]
    unreadable: tuple[str, ...] = ()

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, by area and id."""
        found = (rule for file in self.files for rule in file.rules)
        return tuple(sorted(found, key=lambda rule: (rule.area, rule.id, rule.line)))

    @cached_property
    def by_scenario(self) -> dict[tuple[str, str], tuple[Rule, Scenario]]:
        """Every scenario with its rule, by file and name."""
        return {
            (rule.file, scenario.name): (rule, scenario)
            for rule in self.rules
            for scenario in rule.scenarios
        }


def read(root: Path) -> RequirementCatalogue:
    """Return the catalogue of all feature files below a folder."""
    files, unreadable = [], []
    for path in sorted(root.rglob("*.feature")):
        name = path.relative_to(root).as_posix()
        try:
            document = cast("Node", Parser().parse(path.read_text(encoding="utf-8")))
        except ParserError as error:
            where = " ".join(str(error).split())
            unreadable.append(f"{name}: is no Gherkin: {where}")
            continue
        files.append(_file(name, document.get("feature") or {}))
    return RequirementCatalogue(tuple(files), tuple(unreadable))


def _file(name: str, feature: Node) -> FeatureFile:
    children = feature.get("children", [])
    rules = (_rule(name, child["rule"]) for child in children if "rule" in child)
    stray = (child["scenario"]["name"] for child in children if "scenario" in child)
    return FeatureFile(name, _tags(feature), tuple(rules), tuple(stray))


def _rule(file: str, node: Node) -> Rule:
    children = (child["scenario"] for child in node["children"] if "scenario" in child)
    return Rule(
        file=file,
        line=node["location"]["line"],
        name=node["name"],
        tags=_tags(node),
        description=node["description"],
        scenarios=tuple(_scenario(child) for child in children),
    )


def _scenario(node: Node) -> Scenario:
    tables = node["examples"]
    outline = bool(tables) or node["keyword"] != "Scenario"
    return Scenario(
        name=node["name"],
        line=node["location"]["line"],
        tags=_tags(node),
        example_tags=tuple(tag for table in tables for tag in _tags(table)),
        kinds=tuple(_kinds(node["steps"])),
        rows=sum(len(table["tableBody"]) for table in tables) if outline else 1,
    )


def _kinds(steps: list[Node]) -> Iterator[str]:
    """Yield Context, Action or Outcome for each step; And keeps the kind before."""
    kind = "Context"
    for step in steps:
        if step["keywordType"] != "Conjunction":
            kind = step["keywordType"]
        yield kind


def _tags(node: Node) -> tuple[str, ...]:
    return tuple(tag["name"].removeprefix("@") for tag in node.get("tags", []))


def _suffixes(prefix: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(t.removeprefix(prefix) for t in tags if t.startswith(prefix))
