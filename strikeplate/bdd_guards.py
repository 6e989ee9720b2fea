"""Step discovery, and checks of what pytest-bdd would accept silently.

pytest-bdd drops a scenario whose name is repeated, takes any of several matching
steps, and does not report a step that nobody uses. This is the only module that uses
private names of pytest-bdd; `tests/strikeplate/test_bdd_guards.py` names the one that
moved when an upgrade breaks it.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_bdd.compat import get_fixture_names, getfixturedefs
from pytest_bdd.scenario import scenario_wrapper_template_registry
from pytest_bdd.steps import StepNamePrefix, step_function_context_registry

from strikeplate import requirements
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from types import ModuleType

    from _pytest.fixtures import FixtureDef, FixtureManager
    from pytest_bdd.parser import ScenarioTemplate, Step
    from pytest_bdd.steps import StepFunctionContext

    from strikeplate.requirements import RequirementCatalogue


FIXTURE = type(pytest.fixture(lambda: None))
"""What the fixture decorator makes; a step definition is one as well."""


def discover_steps(package: str) -> dict[str, object]:
    """Return the fixtures and step definitions of all modules of a package, by name."""
    found: dict[str, object] = {}
    home: dict[str, str] = {}
    for module in _walk_modules(package):
        for name, fixture in _fixtures_of(module):
            if found.setdefault(name, fixture) is not fixture:
                places = f"{home[name]} and {module.__name__}"
                message = f"{name!r} is defined twice, in {places}; rename one"
                raise HarnessFault(message)
            home.setdefault(name, module.__name__)
    return found


def _walk_modules(package: str) -> Iterator[ModuleType]:
    root = importlib.import_module(package)
    yield root
    for entry in pkgutil.walk_packages(root.__path__, f"{package}."):
        yield importlib.import_module(entry.name)


def _fixtures_of(module: ModuleType) -> Iterator[tuple[str, object]]:
    for name, value in vars(module).items():
        if isinstance(value, FIXTURE):
            yield name, value


@dataclass(frozen=True, eq=False)
class Definition:
    """One step definition as a scenario sees it."""

    context: StepFunctionContext
    fixture: FixtureDef[object]

    @property
    def module(self) -> str:
        """The module that defines the step."""
        return str(self.context.step_func.__module__)

    def __str__(self) -> str:
        kind = self.context.type or "step"
        return f"@{kind}({self.context.parser.name!r}) in {self.module}"

    def matches(self, step: Step) -> bool:
        """Say whether pytest-bdd could run the step by this definition."""
        of_kind = self.context.type in (None, step.type)
        return of_kind and bool(self.context.parser.is_matching(step.name))


def template(function: Callable[..., object]) -> ScenarioTemplate | None:
    """Return the scenario that a collected test function runs, if it runs one."""
    return scenario_wrapper_template_registry.get(function)


def place(scenario: ScenarioTemplate, root: Path) -> tuple[str, str]:
    """Return a scenario's file, as a path below the root, and its name."""
    path = Path(scenario.feature.filename)
    return path.relative_to(root).as_posix(), scenario.name


def example(item: pytest.Function) -> Mapping[str, str]:
    """Return the row of examples that an item runs with; empty for a plain scenario."""
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("_pytest_bdd_example", {}) if callspec else {}


def definitions(manager: FixtureManager, item: pytest.Item) -> list[Definition]:
    """Return every step definition that an item can use, without pytest-bdd's own."""
    return [
        Definition(context, fixture)
        for name in get_fixture_names(manager)
        if name.startswith(StepNamePrefix.step_def.value)
        for fixture in getfixturedefs(manager, name, item) or ()
        if (context := step_function_context_registry.get(fixture.func))
        if not context.step_func.__module__.startswith("pytest_bdd.")
    ]


def cache_step_lookup(patch: pytest.MonkeyPatch) -> None:
    """Make pytest-bdd search the definitions of a step once, not in every scenario.

    All scenarios see the same definitions; the search takes longer than most steps.
    """
    home = importlib.import_module("pytest_bdd.scenario")
    known: dict[FixtureManager, list[Definition]] = {}
    found: dict[tuple[object, str, str], list[FixtureDef[object]]] = {}

    def remember(
        step: Step, fixturemanager: FixtureManager, node: pytest.Item
    ) -> list[FixtureDef[object]]:
        if fixturemanager not in known:
            known[fixturemanager] = definitions(fixturemanager, node)
        key = (fixturemanager, step.type, step.name)
        if key not in found:
            fitting = (each for each in known[fixturemanager] if each.matches(step))
            found[key] = [each.fixture for each in fitting]
        return found[key]

    patch.setattr(home, home.find_fixturedefs_for_step.__name__, remember)


class SharedParser:
    """A parser of Gherkin that parses no text twice."""

    parse = staticmethod(requirements.parsed)


def share_parsing(patch: pytest.MonkeyPatch) -> None:
    """Make pytest-bdd take what the catalogue has parsed already."""
    home = importlib.import_module("pytest_bdd.gherkin_parser")
    patch.setattr(home, home.Parser.__name__, SharedParser)


def faults(
    items: Sequence[pytest.Function], catalogue: RequirementCatalogue, root: Path
) -> list[str]:
    """Return every mismatch between collected items, catalogue and steps."""
    scenarios = [
        (item, seen, place(seen, root))
        for item in items
        if (seen := template(item.function))
    ]
    found = list(_lost(catalogue, {where for _, _, where in scenarios}))
    if scenarios:
        first = scenarios[0][0]
        manager = first.session._fixturemanager  # noqa: SLF001 - nothing public has it
        known = definitions(manager, first)
        steps = {
            (step.type, step.name): (step, file)
            for item, scenario, (file, _) in scenarios
            for step in scenario.render(example(item)).steps
        }
        fitting = {key: _fitting(known, step) for key, (step, _) in steps.items()}
        found += _unclear(steps, fitting)
        used = {definition for each in fitting.values() for definition in each}
        found += _unused(definition for definition in known if definition not in used)
    return found


def _lost(catalogue: RequirementCatalogue, seen: set[tuple[str, str]]) -> Iterator[str]:
    for file, name in catalogue.by_scenario:
        if (file, name) not in seen:
            yield f"{file}: scenario {name!r} was not collected"


def _fitting(known: list[Definition], step: Step) -> list[Definition]:
    return [definition for definition in known if definition.matches(step)]


def _unclear(
    steps: Mapping[tuple[str, str], tuple[Step, str]],
    fitting: Mapping[tuple[str, str], Sequence[Definition]],
) -> Iterator[str]:
    for key, (step, file) in steps.items():
        found = fitting[key]
        where = f"{file}:{step.line_number}: {step.type.capitalize()} {step.name!r}"
        if not found:
            yield f"{where} has no step definition; write one in features/steps"
        if len(found) > 1:
            names = " and ".join(sorted(map(str, found)))
            yield f"{where} fits {len(found)} definitions: {names}; make one narrower"


def _unused(definitions: Iterable[Definition]) -> Iterator[str]:
    for definition in definitions:
        yield f"{definition} is used by no scenario; remove it"
