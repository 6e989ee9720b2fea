"""Gathering: finds every step and fixture of a package, so that no list is kept.

A name defined in two modules is refused: pytest would silently keep one of them.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import pytest

from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

FIXTURE = type(pytest.fixture(lambda: None))
"""What the fixture decorator makes; a step definition is one as well."""


def discover_steps(package: str) -> dict[str, object]:
    """Return the fixtures and step definitions of all modules of a package, by name."""
    found: dict[str, object] = {}
    home: dict[str, str] = {}
    for module in _modules(package):
        for name, fixture in _fixtures(module):
            if found.setdefault(name, fixture) is not fixture:
                places = f"{home[name]} and {module.__name__}"
                message = f"{name!r} is defined twice, in {places}; rename one"
                raise HarnessFault(message)
            home.setdefault(name, module.__name__)
    return found


def _modules(package: str) -> Iterator[ModuleType]:
    root = importlib.import_module(package)
    yield root
    for entry in pkgutil.walk_packages(root.__path__, f"{package}."):
        yield importlib.import_module(entry.name)


def _fixtures(module: ModuleType) -> Iterator[tuple[str, object]]:
    for name, value in vars(module).items():
        if isinstance(value, FIXTURE):
            yield name, value
