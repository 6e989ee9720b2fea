"""Mutants: subjects and vendors with one fault each, which the rules must catch.

One file in tests/mutants is one mutant: its docstring says what it does wrong, `on`
who is at fault, `breaks` the rules that fail for it and `also` other rules that fail.
`apply(patch)` makes the fault with pytest's monkeypatch, or `app(app)` wraps the whole
application. A null breaks everything: no rule may pass with it. A benign variant is
another way to be right: none of the rules that it `reads` may fail with it.

The `mutants` command tests each in a forked process of its own, one per processor at a
time. A rule is broken when one of its scenarios fails or, under a MAY, is not met. A
scenario that could not be set up neither breaks nor keeps its rule. Exit code 0 when
all is as stated and some mutant breaks each rule that has scenarios, else 1.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import multiprocessing
import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from strikeplate import FEATURES, requirements, run
from strikeplate.results import ResultsError, read
from strikeplate.subjects import mutant_files
from strikeplate.toml_file import suggest
from strikeplate.verdict import HarnessFault, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
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


ROLE = {"service": "--subject", "vendor": "--vendor"}
USAGE = 2

BROKEN = (Verdict.FAIL, Verdict.WARN)
"""The verdicts of a broken rule: a MUST fails, a SHOULD warns."""

Found = tuple[str, frozenset[str], frozenset[str], str]
"""What a process returns: the mutant, the rules broken, those kept, any error."""


@dataclass(frozen=True)
class Proof:
    """The result of one mutant: the rules it broke, and those it kept."""

    mutant: Mutant
    broken: frozenset[str]
    kept: frozenset[str]
    error: str = ""

    @property
    def faults(self) -> list[str]:
        """Every difference from what the mutant's file states."""
        if self.error:
            return [self.error]
        if self.mutant.null:
            return [f"keeps {', '.join(sorted(self.kept))}"] if self.kept else []
        if self.mutant.reads and not self.kept:
            return ["was judged by no rule"]
        survived = self.mutant.fails - self.broken
        extras_for = self.broken - self.mutant.fails
        return [
            *([f"does not break {', '.join(sorted(survived))}"] if survived else []),
            *([f"also breaks {', '.join(sorted(extras_for))}"] if extras_for else []),
        ]


def main(arguments: Sequence[str]) -> int:
    """Test the mutants, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m strikeplate mutants",
        description="Prove the rules: each known-bad subject breaks those it names.",
    )
    parser.add_argument("names", nargs="*", help="only these; all unless given")
    asked = parser.parse_args(arguments)
    known = {mutant.name: mutant for mutant in all_mutants()}
    for name in asked.names:
        if name not in known:
            print(f"no mutant is called {name!r}; {suggest(name, known)}")  # noqa: T201 - for the terminal
            return USAGE
    proofs = []
    for proof in run_all([known[name] for name in asked.names or known]):
        proofs.append(proof)
        print(progress(proof), flush=True)  # noqa: T201 - it takes minutes
    unproven = [] if asked.names else _unproven(proofs)
    print("\n".join(proof_table(proofs, unproven)))  # noqa: T201 - the command's answer
    return int(bool(unproven) or any(proof.faults for proof in proofs))


def progress(proof: Proof) -> str:
    """Return one line about a mutant that was tested."""
    found = "; ".join(proof.faults) or "as stated"
    return f"{proof.mutant.name}: {', '.join(sorted(proof.broken)) or '-'}; {found}"


def run_all(mutants: Sequence[Mutant]) -> Iterator[Proof]:
    """Test mutants, each in a process of its own; yield their results in order."""
    _warm_up()
    forks = multiprocessing.get_context("fork")
    by_name = {mutant.name: mutant for mutant in mutants}
    with (
        tempfile.TemporaryDirectory() as folder,
        forks.Pool(len(os.sched_getaffinity(0)), maxtasksperchild=1) as pool,
    ):
        found = pool.imap(partial(run_mutant, folder), by_name, chunksize=1)
        for name, broken, kept, error in found:
            yield Proof(by_name[name], broken, kept, error)
        pool.close()  # so that nobody is left to be interrupted, which ends in a trace
        pool.join()


def _warm_up() -> None:
    """Load once what every run loads, by running one rule."""
    with tempfile.TemporaryDirectory() as folder, _output_into(Path(folder) / "log"):
        run.main(["--subject", "inprocess:service", "--only", "CON-01", *_to(folder)])


def _to(folder: str | Path) -> list[str]:
    return ["--results", str(folder)]


@contextlib.contextmanager
def _output_into(path: Path) -> Iterator[None]:
    """Redirect all output into a file."""
    with (
        path.open("w", encoding="utf-8") as output,
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
    ):
        yield


def run_mutant(folder: str, name: str) -> Found:
    """Test one mutant by all rules in this process, and return what was found."""
    results, mutant = Path(folder) / name, load_mutant(name)
    output = Path(folder) / f"{name}.log"
    only = [word for rule in sorted(mutant.reads) for word in ("--only", rule)]
    with _output_into(output):
        code = run.main([ROLE[mutant.on], f"mutant:{name}", *only, *_to(results)])
    try:
        found = read(results / "results.ndjson")
    except ResultsError:
        said = output.read_text(encoding="utf-8").strip().splitlines()
        error = f"could not be judged, exit code {code}: {' '.join(said[-3:])}"
        return name, frozenset(), frozenset(), error
    unmet = {r.rule for r in found.runs if r.verdict is Verdict.PASS and r.reason}
    failed = {r.rule for r in found.requirements if r.verdict in BROKEN}
    passed = {r.rule for r in found.requirements if r.verdict is Verdict.PASS}
    return name, frozenset(failed | unmet), frozenset(passed - unmet), ""


def proof_table(proofs: Sequence[Proof], unproven: Sequence[str]) -> Iterable[str]:
    """Yield the table of rules and the mutants that break them, then what is wrong."""
    proven: dict[str, list[str]] = {}
    for proof in proofs:
        for rule in proof.mutant.breaks & proof.broken:
            proven.setdefault(rule, []).append(proof.mutant.name)
    yield "rule    is broken by"
    for rule in sorted(proven):
        yield f"{rule}  {', '.join(sorted(proven[rule]))}"
    benign = [proof.mutant.name for proof in proofs if proof.mutant.reads]
    if benign:
        yield f"lawful are  {', '.join(benign)}"
    nulls = [proof.mutant.name for proof in proofs if proof.mutant.null]
    if nulls:
        yield f"no rule passes with  {', '.join(nulls)}"
    for rule in unproven:
        yield f"NOT PROVEN  {rule}: no mutant breaks it"
    for proof in proofs:
        for fault in proof.faults:
            yield f"NOT AS STATED  {proof.mutant.name}: {fault}"
    wrong = len(unproven) + sum(bool(proof.faults) for proof in proofs)
    count = f"{len(proofs)} mutants judged, {len(proven)} rules proven"
    yield f"{count}; {f'{wrong} things are wrong' if wrong else 'all as stated'}."


def _unproven(proofs: Iterable[Proof]) -> list[str]:
    """Return the rules that have scenarios and that no mutant should break."""
    proven = {rule for proof in proofs for rule in proof.mutant.breaks}
    judged = (r.id for r in requirements.read(FEATURES).rules if r.scenarios)
    return sorted(set(judged) - proven)
