"""Mutants: subjects and vendors with one fault each, which the rules must catch.

One file in tests/mutants is one mutant: its docstring says what it does wrong, `on`
who is at fault, `breaks` the rules that fail for it and `also` those that fail beside.
`apply(patch)` makes the fault with pytest's monkeypatch; or `app(app)` stands before
the whole application. A null breaks everything: with it, no rule may pass at all.
"""

from __future__ import annotations

import importlib.util
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest

from strikeplate import suite
from strikeplate.suggestion import suggest
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from _typeshed.wsgi import WSGIApplication

    from strikeplate.target import Role

FOLDER = suite.HOME / "tests" / "mutants"
NULLS = "nulls"


@dataclass(frozen=True)
class Mutant:
    """One fault, as its file states it."""

    name: str
    on: Role
    sentence: str
    breaks: frozenset[str]
    also: frozenset[str]
    null: bool
    apply: Callable[[pytest.MonkeyPatch], None] | None
    wrap: Callable[[WSGIApplication], WSGIApplication] | None

    @property
    def fails(self) -> frozenset[str]:
        """Every rule that fails for it."""
        return self.breaks | self.also

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Let the fault be there for a while."""
        with pytest.MonkeyPatch.context() as patch:
            if self.apply:
                self.apply(patch)
            yield

    def before(self, app: WSGIApplication) -> WSGIApplication:
        """Return the application as it is met from outside."""
        return self.wrap(app) if self.wrap else app


def every() -> list[Mutant]:
    """Return all mutants and nulls, by name."""
    return [_read(path) for path in sorted(_files().values())]


def load(name: str) -> Mutant:
    """Return one mutant, by the name of its file."""
    files = _files()
    if name not in files:
        message = f"no mutant is called {name!r}; {suggest(name, files)}"
        raise HarnessFault(message)
    return _read(files[name])


def _files() -> dict[str, Path]:
    """Return every mutant's file; pytest's own files beside them are not meant."""
    found = FOLDER.rglob("*.py")
    return {p.stem: p for p in found if not p.stem.startswith(("test_", "_", "conf"))}


def _read(path: Path) -> Mutant:
    module = _module(path)
    return Mutant(
        name=path.stem,
        on=cast("Role", module.on),
        sentence=(module.__doc__ or "").strip().partition("\n")[0],
        breaks=frozenset(getattr(module, "breaks", ())),
        also=frozenset(getattr(module, "also", ())),
        null=path.parent.name == NULLS,
        apply=getattr(module, "apply", None),
        wrap=getattr(module, "app", None),
    )


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"mutant_{path.stem}", path)
    if spec is None or spec.loader is None:
        message = f"{path.name} cannot be read as a module"
        raise HarnessFault(message)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
