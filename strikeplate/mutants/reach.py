"""Reach: which scenarios run which functions of the service and of the fakes.

It is recorded in tests/mutants/reach.json, with the scenarios that last broke a rule
with each mutant. A scenario that does not run what a mutant replaces behaves with the
mutant as without it, so it need not be judged. What a mutant replaces is a function, or
something else with a name: then every function that reads such a name counts.

Invariants: what is not recorded counts as reached, or is an error: a scenario whose
text has changed is reached by every mutant until it is recorded anew. What runs at the
start of a subject is reached by all its scenarios.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

import pytest

from strikeplate import FEATURES, HOME, requirements
from strikeplate.subjects import MUTANTS
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from strikeplate.mutants import Mutant
    from strikeplate.requirements import Example, Rule, Scenario
    from strikeplate.subjects import Role

FILE = MUTANTS / "reach.json"
SOURCES = ("service", "fakes")
OURS = tuple(f"{name}/" for name in SOURCES)
COMMAND = "python -m strikeplate lock"
NAMED, WORDED = 8, 6
"""How many digits of a scenario's key stand for its name, and for its text."""


def scenario_key(role: Role, rule: Rule, scenario: Scenario, example: Example) -> str:
    """Return what a scenario of a role is known by: digests of its name and its text.

    A scenario that says something else under its name is another one.
    """
    named = _digest(role, rule.id, scenario.name)[:NAMED]
    return named + _digest(*scenario.texts(example))[:WORDED]


def _digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


@cache
def scenario_keys() -> Mapping[str, str]:
    """Return the key of every scenario of either role, each with its title."""
    return {
        scenario_key(role, rule, scenario, example): f"{rule.id}: {scenario.name}"
        for rule in requirements.read(FEATURES).rules
        for scenario in rule.scenarios
        for role in rule.roles(scenario)
        for example in scenario.examples
    }


@dataclass(frozen=True)
class Reach:
    """The scenarios, by their keys, that run each function."""

    scenarios: tuple[str, ...]
    functions: Mapping[str, frozenset[str]]
    witnesses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The scenarios that last broke a rule with each mutant; they run first."""

    def breaking(self, mutant: Mutant) -> frozenset[str]:
        """Return the scenarios that last broke a rule with a mutant."""
        return frozenset(self.witnesses.get(mutant.name, ()))

    def by(self, mutant: Mutant) -> frozenset[str]:
        """Return the scenarios that can tell a mutant from the original.

        Misuse if it replaces a function that is not recorded.
        """
        if mutant.apply is None:
            return frozenset(scenario_keys())
        reached = (self._at(point, mutant.name) for point in points(mutant))
        unknown = scenario_keys().keys() - set(self.scenarios)
        return frozenset(unknown.union(*reached))

    def _at(self, point: Point, mutant: str) -> Iterable[str]:
        """Return the recorded scenarios that reach what is replaced at one point."""
        if point.function and point.function not in self.functions:
            raise Misuse(
                f"{mutant} replaces {point.function}, which {FILE.name} does not know; "
                f"record it: {COMMAND}"
            )
        found = [point.function] if point.function else _readers(point.name)
        if not found or not self.functions.keys() >= set(found):
            return self.scenarios
        return frozenset[str]().union(*(self.functions[each] for each in found))


def read(path: Path = FILE) -> Reach:
    """Return what is recorded; nothing if nothing is."""
    if not path.exists():
        return Reach((), {})
    stored = json.loads(path.read_text("utf-8"))
    keys: list[str] = stored["scenarios"]
    sets = [frozenset(_chosen(keys, int(bits, 16))) for bits in stored["sets"]]
    functions = {
        f"{file}:{name}": sets[number]
        for file, names in stored["functions"].items()
        for name, number in names.items()
    }
    witnesses = {name: tuple(found) for name, found in stored["witnesses"].items()}
    return Reach(tuple(keys), functions, witnesses)


def write(reach: Reach, path: Path = FILE) -> None:
    """Write what is recorded; functions run by the same scenarios share a set."""
    bits = {key: 1 << number for number, key in enumerate(reach.scenarios)}
    masks = {
        name: f"{sum(bits[key] for key in keys):x}"
        for name, keys in sorted(reach.functions.items())
    }
    sets = sorted(set(masks.values()))
    number = {mask: place for place, mask in enumerate(sets)}
    functions: dict[str, dict[str, int]] = defaultdict(dict)
    for name, mask in masks.items():
        file, _, function = name.partition(":")
        functions[file][function] = number[mask]
    witnesses = {name: sorted(set(w)) for name, w in sorted(reach.witnesses.items())}
    stored = {
        "scenarios": reach.scenarios,
        "sets": sets,
        "functions": functions,
        "witnesses": witnesses,
    }
    path.write_text(json.dumps(stored, indent=0) + "\n", encoding="utf-8")


def _chosen(keys: Iterable[str], bits: int) -> Iterator[str]:
    return (key for number, key in enumerate(keys) if bits >> number & 1)


def require_current(reach: Reach) -> None:
    """Return if the recorded scenarios are those of today, by name; Misuse if not."""
    today = {key[:NAMED]: title for key, title in scenario_keys().items()}
    known = {key[:NAMED] for key in reach.scenarios}
    if faults := [
        *(f"lacks {today[name]!r}" for name in sorted(today.keys() - known)),
        *(["has scenarios that are gone"] if known - today.keys() else []),
    ]:
        more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise Misuse(f"{FILE.name} {faults[0]}{more}; record what is new: {COMMAND}")


@dataclass(frozen=True)
class Point:
    """What a mutant replaces: a function of ours, else something by its name."""

    name: str
    function: str = ""


def points(mutant: Mutant) -> list[Point]:
    """Return everything that a mutant replaces.

    Misuse if it replaces a part of a table that has no name.
    """
    with pytest.MonkeyPatch.context() as patch:
        if mutant.apply:
            mutant.apply(patch)
        # Nothing public tells what a MonkeyPatch has replaced
        names = [(owner, name) for owner, name, _ in patch._setattr]  # noqa: SLF001 - kept nowhere else
        rows = [(table, old) for table, _, old in patch._setitem]  # noqa: SLF001 - as above
    return [
        *(
            _point(name, inspect.getattr_static(owner, name, None))
            for owner, name in names
        ),
        *(_point(_name_of(table, mutant.name), old) for table, old in rows),
    ]


def _point(name: str, original: object) -> Point:
    """Return a function by its code, anything else by its name.

    A function behind a cache is run by the first who calls it alone.
    """
    plain = getattr(original, "__func__", original)
    plain = plain.fget if isinstance(plain, property) else plain
    if callable(plain) and not hasattr(plain, "cache_clear"):
        plain = inspect.unwrap(plain)
    if isinstance(plain, FunctionType) and (found := unit(plain.__code__)):
        return Point(name, found)
    return Point(name)


def _name_of(table: object, mutant: str) -> str:
    """Return the name of the table of a module that this one is, or is a row of."""
    for name, value in _tables():
        rows = value.values() if isinstance(value, dict) else ()
        if value is table or any(row is table for row in rows):
            return name
    raise Misuse(f"{mutant} replaces a row of a table without a name; replace a name")


def _tables() -> Iterator[tuple[str, object]]:
    for home, module in list(sys.modules.items()):
        if home.startswith(SOURCES):
            yield from ((n, v) for n, v in vars(module).items() if n.isupper())


def _readers(name: str) -> list[str]:
    return [function for function, names in names_read().items() if name in names]


def unit(code: CodeType) -> str | None:
    """Return a function of ours by its file and name; None for any other code.

    What is defined inside of a function belongs to it.
    """
    file = code.co_filename.removeprefix(f"{HOME}/")
    if not file.startswith(OURS):
        return None
    return f"{file}:{code.co_qualname.partition('.<locals>')[0]}"


@cache
def names_read() -> Mapping[str, frozenset[str]]:
    """Return the names, of modules and of objects, that each function reads."""
    found: dict[str, set[str]] = defaultdict(set)
    for folder in SOURCES:
        for path in sorted((HOME / folder).rglob("*.py")):
            text = path.read_text("utf-8")
            module = compile(text, str(path), "exec", dont_inherit=True)
            for code in _nested(module):
                if name := unit(code):
                    found[name].update(code.co_names)
    return {name: frozenset(words) for name, words in found.items()}


def _nested(code: CodeType) -> Iterator[CodeType]:
    """Yield every function inside of a code; what runs at import is none."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_flags & inspect.CO_OPTIMIZED:
                yield inner
            yield from _nested(inner)
