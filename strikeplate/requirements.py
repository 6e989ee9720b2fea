"""The catalogue of requirements: every rule of the feature files, and its lint.

A Gherkin Rule is a requirement: its tag is the id, its name holds one word of RFC 2119,
its description names the source, its scenarios are the evidence. Reading judges
nothing: a malformed rule is kept as it is, and `lint` says what is wrong with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, cast

from gherkin.errors import ParserError
from gherkin.parser import Parser

from strikeplate.toml_file import suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from strikeplate.subjects import Role


ID = re.compile(r"[A-Z]{3}-\d{2}")
LEVEL = re.compile(r"\b(MUST NOT|MUST|SHOULD NOT|SHOULD|MAY)\b")
NOTE = re.compile(r"^( *)(Source|Untested):(.*(?:\n\1 +.*)*)", re.MULTILINE)
"""A label and its text; lines that are indented deeper go on with it."""
PLACE = re.compile(r"<([^<>]+)>")
"""Where a step of an outline has a value of its row."""

SEED = re.compile(r"\bseed (\d{3})")
DOCUMENTS = {
    "000": "reenio Connect, Smart locks",
    "001": "BookSpot, Connect your products to smart locks",
    "002": "anny, Exivo Smart-lock",
    "003": "Inlet, Requirements for the lock integration",
    "004": "Nuki Web API, Push bookings",
}
"""The documents that rules are taken from: whose, and its title."""

ROLES: tuple[Role, ...] = ("service", "vendor")

Node = dict[str, Any]  # gherkin-official gives plain, nested dictionaries


Example = Mapping[str, str]
"""One row of examples, by its columns; empty for a plain scenario."""


@dataclass(frozen=True)
class Step:
    """One step as written: Context, Action or Outcome, its text and its table."""

    kind: str
    text: str
    table: tuple[tuple[str, ...], ...] = ()

    def filled(self, example: Example) -> Step:
        """Return the step with a row of examples in its places."""
        table = tuple(tuple(_filled(c, example) for c in row) for row in self.table)
        return Step(self.kind, _filled(self.text, example), table)


def _filled(text: str, example: Example) -> str:
    return PLACE.sub(lambda found: example.get(found[1], found[0]), text)


@dataclass(frozen=True)
class Scenario:
    """One piece of evidence: its own tags, its steps, its examples (one if plain).

    The steps begin with those of its rule's background.
    """

    name: str
    line: int
    tags: tuple[str, ...]
    example_tags: tuple[str, ...]
    steps: tuple[Step, ...]
    examples: tuple[Example, ...] = ({},)

    @property
    def on(self) -> tuple[str, ...]:
        """Who must obey, where the scenario narrows its rule."""
        return _suffixes("on-", self.tags)

    @property
    def needs(self) -> tuple[str, ...]:
        """The capabilities this scenario needs beside those of its rule."""
        return _suffixes("needs-", self.tags)

    def texts(self, example: Example) -> Iterator[str]:
        """Yield the texts of its steps and their tables, with a row of examples."""
        for step in (step.filled(example) for step in self.steps):
            yield step.text
            for row in step.table:
                yield from row


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
        """Every tag that has the form of an id; a valid rule has one."""
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
        """Every word of RFC 2119 in the name; a valid rule has one."""
        return tuple(LEVEL.findall(self.name))

    @property
    def level(self) -> str:
        """MUST, SHOULD or MAY, without NOT."""
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
        """Why no scenario tests the rule yet; None when some do."""
        return self.notes.get("Untested", "") if "untested" in self.tags else None

    @property
    def provisional(self) -> bool:
        """True while the rule rests on a guess; it then does not count."""
        return "provisional" in self.tags

    @property
    def core(self) -> bool:
        """True for a rule without which no integration is called conformant."""
        return "core" in self.tags

    @property
    def on(self) -> tuple[str, ...]:
        """Who must obey: service, vendor, or both."""
        return _suffixes("on-", self.tags)

    @property
    def needs(self) -> tuple[str, ...]:
        """The capabilities without which the rule does not apply."""
        return _suffixes("needs-", self.tags)

    def roles(self, scenario: Scenario) -> tuple[Role, ...]:
        """Return who must obey a scenario: its own tags, else its rule's."""
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
    """All feature files of a folder, and the errors of unreadable ones."""

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


def readable_source(source: str) -> str:
    """Return a rule's source with the documents' titles in the place of numbers."""
    named = SEED.sub(lambda found: DOCUMENTS.get(found[1], found[0]), source)
    return "this suite's own rule (no document)" if named == "house" else named


def read(root: Path) -> RequirementCatalogue:
    """Return the catalogue of all feature files below a folder."""
    files, unreadable = [], []
    for path in sorted(root.rglob("*.feature")):
        name = path.relative_to(root).as_posix()
        try:
            files.append(_file(name, path.read_text(encoding="utf-8")))
        except ParserError as error:
            where = " ".join(str(error).split())
            unreadable.append(f"{name}: is no Gherkin: {where}")
    return RequirementCatalogue(tuple(files), tuple(unreadable))


@cache
def parsed(text: str) -> Node:
    """Return the Gherkin of a text, parsed once; raise `ParserError` if it is none."""
    return cast("Node", Parser().parse(text))


@cache
def _file(name: str, text: str) -> FeatureFile:
    """Return what a text says; of a text that was read before at once."""
    document = parsed(text)
    feature = document.get("feature") or {}
    children = feature.get("children", [])
    rules = (_rule(name, child["rule"]) for child in children if "rule" in child)
    stray = (child["scenario"]["name"] for child in children if "scenario" in child)
    return FeatureFile(name, _tags(feature), tuple(rules), tuple(stray))


def _rule(file: str, node: Node) -> Rule:
    nodes = node["children"]
    first = (child["background"]["steps"] for child in nodes if "background" in child)
    before = tuple(step for steps in first for step in _steps(steps))
    children = (child["scenario"] for child in nodes if "scenario" in child)
    return Rule(
        file=file,
        line=node["location"]["line"],
        name=node["name"],
        tags=_tags(node),
        description=node["description"],
        scenarios=tuple(_scenario(child, before) for child in children),
    )


def _scenario(node: Node, before: tuple[Step, ...]) -> Scenario:
    tables = node["examples"]
    outline = bool(tables) or node["keyword"] != "Scenario"
    return Scenario(
        name=node["name"],
        line=node["location"]["line"],
        tags=_tags(node),
        example_tags=tuple(tag for table in tables for tag in _tags(table)),
        steps=(*before, *_steps(node["steps"])),
        examples=tuple(_examples(tables)) if outline else ({},),
    )


def _steps(nodes: list[Node]) -> Iterator[Step]:
    """Yield each step; And keeps the kind of the step before."""
    kind = "Context"
    for node in nodes:
        if node["keywordType"] != "Conjunction":
            kind = node["keywordType"]
        rows = node.get("dataTable", {}).get("rows", ())
        yield Step(kind, node["text"], tuple(_cells(row) for row in rows))


def _examples(tables: list[Node]) -> Iterator[Example]:
    for table in tables:
        head = _cells(table.get("tableHeader") or {"cells": ()})
        for row in table["tableBody"]:
            yield dict(zip(head, _cells(row), strict=True))


def _cells(row: Node) -> tuple[str, ...]:
    return tuple(cell["value"] for cell in row["cells"])


def _tags(node: Node) -> tuple[str, ...]:
    return tuple(tag["name"].removeprefix("@") for tag in node.get("tags", []))


def _suffixes(prefix: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(t.removeprefix(prefix) for t in tags if t.startswith(prefix))


RULE_TAGS = ("on-service", "on-vendor", "core", "untested", "provisional")
SCENARIO_TAGS = ("on-service", "on-vendor")
LONGEST_NAME = 80
VAGUE = re.compile(r"\b(should|test that|verify that)\b", re.IGNORECASE)
ONE_WORD = "exactly one of MUST, MUST NOT, SHOULD, SHOULD NOT, MAY"


def lint(catalogue: RequirementCatalogue, capabilities: Collection[str]) -> list[str]:
    """Return everything that is wrong with the text of the rules."""
    needs = tuple(f"needs-{name}" for name in sorted(capabilities))
    found = list(catalogue.unreadable)
    for file in catalogue.files:
        found += _lint_file(file)
        for rule in file.rules:
            found += _lint_rule(rule, RULE_TAGS + needs)
            for scenario in rule.scenarios:
                found += _lint_scenario(rule.file, scenario, SCENARIO_TAGS + needs)
    return found + list(_repeated_ids(catalogue))


def _lint_file(file: FeatureFile) -> Iterator[str]:
    for tag in file.tags:
        yield f"{file.file}: @{tag} on the Feature; tags belong on a Rule"
    for name in file.stray:
        yield f"{file.file}: scenario {name!r} stands under no Rule; give it one"
    names = Counter(s.name for rule in file.rules for s in rule.scenarios)
    for name, count in names.items():
        if count > 1:
            what = f"{count} scenarios are named {name!r}"
            yield f"{file.file}: {what}; all but one are lost, rename them"


def _lint_rule(rule: Rule, tags: tuple[str, ...]) -> Iterator[str]:
    where = f"{rule.file}:{rule.line}: rule {rule.id or rule.name!r}"
    if len(rule.ids) != 1:
        found = ", ".join(rule.ids) or "none"
        yield f"{where}: one tag must be its id, as @IGL-02; found {found}"
    if len(rule.levels) != 1:
        found = ", ".join(rule.levels) or "none"
        yield f"{where}: its name must hold {ONE_WORD}; found {found}"
    if not rule.source:
        yield f"{where}: a line 'Source: ...' must say where it is stated"
    if not rule.on:
        yield f"{where}: must say who obeys: @on-service, @on-vendor or both"
    yield from _evidence(rule, where)
    yield from _unknown(where, [t for t in rule.tags if not ID.fullmatch(t)], tags)


def _evidence(rule: Rule, where: str) -> Iterator[str]:
    if rule.untested is None and not rule.scenarios:
        yield f"{where}: has no scenario; write one, or tag it @untested with a reason"
    if rule.untested is not None and rule.scenarios:
        yield f"{where}: is @untested, yet has scenarios; drop the tag"
    if rule.untested == "":
        yield f"{where}: is @untested; a line 'Untested: ...' must say why"


def _lint_scenario(
    file: str, scenario: Scenario, tags: tuple[str, ...]
) -> Iterator[str]:
    where = f"{file}:{scenario.line}: scenario {scenario.name!r}"
    if found := VAGUE.search(scenario.name):
        yield f"{where}: says {found[0]!r}; state what is so, in the present tense"
    if len(scenario.name) > LONGEST_NAME:
        yield f"{where}: has {len(scenario.name)} characters; {LONGEST_NAME} at most"
    if all(step.kind != "Outcome" for step in scenario.steps):
        yield f"{where}: has no Then, so it judges nothing; add one"
    if not scenario.examples:
        yield f"{where}: has no row of examples, so it never runs; add one"
    for tag in scenario.example_tags:
        yield f"{where}: @{tag} on Examples; tags belong on the Rule or Scenario"
    yield from _unknown(where, scenario.tags, tags)


def _unknown(
    where: str, tags: Collection[str], known: tuple[str, ...]
) -> Iterator[str]:
    for tag in tags:
        if tag not in known:
            yield f"{where}: unknown tag @{tag}; {suggest(tag, known)}"


def _repeated_ids(catalogue: RequirementCatalogue) -> Iterator[str]:
    for name, count in Counter(rule.id for rule in catalogue.rules).items():
        if name and count > 1:
            files = sorted({rule.file for rule in catalogue.rules if rule.id == name})
            yield f"rule id {name} is used {count} times, in {', '.join(files)}"
