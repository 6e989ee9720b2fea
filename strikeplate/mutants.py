"""`mutants`: the proof of the rules. Every mutant breaks exactly the rules it names.

Each mutant is judged in a process of its own, forked from this one with everything
loaded, one at a time for each processor. A rule counts as broken when a scenario of it
fails, or is an unmet MAY, which a subject is free not to do and a mutant is caught not
doing; one that could not be set up is neither broken nor kept. A null keeps no rule.
Exit code 0 when all is as stated and every rule that is judged is broken by some
mutant, else 1.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from strikeplate import requirements, run, suite
from strikeplate.mutant import Mutant, every, load
from strikeplate.results import ResultsError, read
from strikeplate.suggestion import suggest
from strikeplate.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROLE = {"service": "--subject", "vendor": "--vendor"}
USAGE = 2

BROKEN = (Verdict.FAIL, Verdict.WARN)
"""How a rule comes out that does not hold: a MUST fails, a SHOULD warns."""

Found = tuple[str, frozenset[str], frozenset[str], str]
"""What a process tells: the mutant, the rules broken, those kept, any error."""


@dataclass(frozen=True)
class Proof:
    """What came of judging one mutant: the rules it broke, and those it kept."""

    mutant: Mutant
    broken: frozenset[str]
    kept: frozenset[str]
    error: str = ""

    @property
    def faults(self) -> list[str]:
        """What is not as the mutant's file states it."""
        if self.error:
            return [self.error]
        if self.mutant.null:
            return [f"keeps {', '.join(sorted(self.kept))}"] if self.kept else []
        survived = self.mutant.fails - self.broken
        extras_for = self.broken - self.mutant.fails
        return [
            *([f"does not break {', '.join(sorted(survived))}"] if survived else []),
            *([f"also breaks {', '.join(sorted(extras_for))}"] if extras_for else []),
        ]


def main(arguments: Sequence[str]) -> int:
    """Judge the mutants, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m strikeplate mutants",
        description="Prove the rules: each known-bad subject breaks those it names.",
    )
    parser.add_argument("names", nargs="*", help="only these; all unless given")
    asked = parser.parse_args(arguments)
    known = {mutant.name: mutant for mutant in every()}
    for name in asked.names:
        if name not in known:
            print(f"no mutant is called {name!r}; {suggest(name, known)}")  # noqa: T201
            return USAGE
    proofs = []
    for proof in judge_all([known[name] for name in asked.names or known]):
        proofs.append(proof)
        print(progress(proof), flush=True)  # noqa: T201 - it takes minutes
    unproven = [] if asked.names else _unproven(proofs)
    print("\n".join(report(proofs, unproven)))  # noqa: T201 - the command's answer
    return int(bool(unproven) or any(proof.faults for proof in proofs))


def progress(proof: Proof) -> str:
    """Return one line about a mutant that was judged."""
    found = "; ".join(proof.faults) or "as stated"
    return f"{proof.mutant.name}: {', '.join(sorted(proof.broken)) or '-'}; {found}"


def judge_all(mutants: Sequence[Mutant]) -> Iterator[Proof]:
    """Judge mutants, each in a process of its own; yield what came of each in turn."""
    _warm_up()
    forks = multiprocessing.get_context("fork")
    by_name = {mutant.name: mutant for mutant in mutants}
    with (
        tempfile.TemporaryDirectory() as folder,
        forks.Pool(len(os.sched_getaffinity(0)), maxtasksperchild=1) as pool,
    ):
        found = pool.imap(partial(judge_mutant, folder), by_name, chunksize=1)
        for name, broken, kept, error in found:
            yield Proof(by_name[name], broken, kept, error)
        pool.close()  # so that nobody is left to be interrupted, which ends in a trace
        pool.join()


def _warm_up() -> None:
    """Load here, once, what every judgement loads: a rule is judged for it."""
    with tempfile.TemporaryDirectory() as folder, _output_into(Path(folder) / "log"):
        run.main(["--subject", "inprocess:service", "--only", "CON-01", *_to(folder)])


def _to(folder: str | Path) -> list[str]:
    return ["--results", str(folder)]


@contextlib.contextmanager
def _output_into(path: Path) -> Iterator[None]:
    """Let all that is printed meanwhile go into a file."""
    with (
        path.open("w", encoding="utf-8") as output,
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
    ):
        yield


def judge_mutant(folder: str, name: str) -> Found:
    """Judge one mutant by all rules, in this process, and tell what was found."""
    results, mutant = Path(folder) / name, load(name)
    output = Path(folder) / f"{name}.log"
    with _output_into(output):
        code = run.main([ROLE[mutant.on], f"mutant:{name}", *_to(results)])
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


def report(proofs: Sequence[Proof], unproven: Sequence[str]) -> Iterable[str]:
    """Yield the table of rules and the mutants that break them, then what is wrong."""
    proven: dict[str, list[str]] = {}
    for proof in proofs:
        for rule in proof.mutant.breaks & proof.broken:
            proven.setdefault(rule, []).append(proof.mutant.name)
    yield "rule    is broken by"
    for rule in sorted(proven):
        yield f"{rule}  {', '.join(sorted(proven[rule]))}"
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
    """Return the rules that scenarios judge and that no mutant is stated to break."""
    proven = {rule for proof in proofs for rule in proof.mutant.breaks}
    judged = (r.id for r in requirements.read(suite.FEATURES).rules if r.scenarios)
    return sorted(set(judged) - proven)
