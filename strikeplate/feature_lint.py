"""The prose of the rules: what each feature file must look like. Pure.

Every check takes one thing and yields sentences that name the place, what was found,
and what would be right. No fault means that the catalogue can be judged by.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from strikeplate.requirements import ID
from strikeplate.suggestion import suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from strikeplate.requirements import (
        FeatureFile,
        RequirementCatalogue,
        Rule,
        Scenario,
    )

RULE_TAGS = ("on-service", "on-vendor", "untested", "provisional")
SCENARIO_TAGS = ("on-service", "on-vendor")
LONGEST_NAME = 80
VAGUE = re.compile(r"\b(should|test that|verify that)\b", re.IGNORECASE)
ONE_WORD = "exactly one of MUST, MUST NOT, SHOULD, SHOULD NOT, MAY"


def faults(catalogue: RequirementCatalogue, capabilities: Collection[str]) -> list[str]:
    """Return everything that is wrong with the text of the rules."""
    needs = tuple(f"needs-{name}" for name in sorted(capabilities))
    found = list(catalogue.unreadable)
    for file in catalogue.files:
        found += _file(file)
        for rule in file.rules:
            found += _rule(rule, RULE_TAGS + needs)
            for scenario in rule.scenarios:
                found += _scenario(rule.file, scenario, SCENARIO_TAGS + needs)
    return found + list(_repeated_ids(catalogue))


def _file(file: FeatureFile) -> Iterator[str]:
    for tag in file.tags:
        yield f"{file.file}: @{tag} on the Feature; tags belong on a Rule"
    for name in file.stray:
        yield f"{file.file}: scenario {name!r} stands under no Rule; give it one"
    names = Counter(s.name for rule in file.rules for s in rule.scenarios)
    for name, count in names.items():
        if count > 1:
            what = f"{count} scenarios are named {name!r}"
            yield f"{file.file}: {what}; all but one are lost, rename them"


def _rule(rule: Rule, tags: tuple[str, ...]) -> Iterator[str]:
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


def _scenario(file: str, scenario: Scenario, tags: tuple[str, ...]) -> Iterator[str]:
    where = f"{file}:{scenario.line}: scenario {scenario.name!r}"
    if found := VAGUE.search(scenario.name):
        yield f"{where}: says {found[0]!r}; state what is so, in the present tense"
    if len(scenario.name) > LONGEST_NAME:
        yield f"{where}: has {len(scenario.name)} characters; {LONGEST_NAME} at most"
    if "Outcome" not in scenario.kinds:
        yield f"{where}: has no Then, so it judges nothing; add one"
    if not scenario.rows:
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
