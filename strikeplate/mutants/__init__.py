"""Mutants: subjects and vendors with one fault each, which the rules must catch.

One file in tests/mutants is one mutant: its docstring says what it does wrong, `on`
who is at fault, `breaks` the rules that fail for it and `also` other rules that fail.
`apply(patch)` makes the fault with pytest's monkeypatch, or `app(app)` wraps the whole
application. A null breaks everything: no rule may pass with it. A benign variant is
another way to be right: none of the rules that it `reads` may fail with it.

The `mutants` command (`command`) judges each in a process of its own (`forks`), by
scenarios that can reach its fault (`reach`), those of its own rules first
(`mutant_run`).
"""

from __future__ import annotations

import importlib.util
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest

from strikeplate.subjects import mutant_files
from strikeplate.toml_file import suggest
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from _typeshed.wsgi import WSGIApplication

    from strikeplate.subjects import Role


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
    reads: frozenset[str] = frozenset()
    """The rules, by how their ids begin, that judge a benign variant."""

    @property
    def fails(self) -> frozenset[str]:
        """Every rule that fails for it."""
        return self.breaks | self.also

    def concerns(self, rule: str) -> bool:
        """Say whether a rule judges it."""
        return not self.reads or rule.startswith(tuple(self.reads))

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Apply the fault within a `with` block."""
        with pytest.MonkeyPatch.context() as patch:
            if self.apply:
                self.apply(patch)
            yield

    def before(self, app: WSGIApplication) -> WSGIApplication:
        """Return the application with the fault around it."""
        return self.wrap(app) if self.wrap else app


def all_mutants() -> list[Mutant]:
    """Return all mutants and nulls, by name."""
    return [_read_mutant(path) for path in sorted(mutant_files().values())]


def load_mutant(name: str) -> Mutant:
    """Return one mutant, by the name of its file."""
    files = mutant_files()
    if name not in files:
        message = f"no mutant is called {name!r}; {suggest(name, files)}"
        raise HarnessFault(message)
    return _read_mutant(files[name])


def _read_mutant(path: Path) -> Mutant:
    module = _load_module(path)
    return Mutant(
        name=path.stem,
        on=cast("Role", module.on),
        sentence=(module.__doc__ or "").strip().partition("\n")[0],
        breaks=frozenset(getattr(module, "breaks", ())),
        also=frozenset(getattr(module, "also", ())),
        null=path.parent.name == NULLS,
        apply=getattr(module, "apply", None),
        wrap=getattr(module, "app", None),
        reads=frozenset(getattr(module, "reads", ())),
    )


def _load_module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"mutant_{path.stem}", path)
    if spec is None or spec.loader is None:
        message = f"{path.name} cannot be read as a module"
        raise HarnessFault(message)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
