"""`mutants`: judge the mutants, and tell where they differ from what they state.

Exit codes: 0 all is as stated, and some mutant breaks each rule that has scenarios; 1
not so; 2 wrong usage, or the record of what scenarios reach is stale; 3 nothing was
judged.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, cast

import click

from strikeplate import FEATURES, requirements
from strikeplate.mutants import all_mutants, reach
from strikeplate.mutants.forks import run_jobs
from strikeplate.mutants.mutant_run import Found, MutantRun
from strikeplate.progress import Progress
from strikeplate.toml_file import suggest
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from strikeplate.mutants import Mutant
    from strikeplate.mutants.forks import Job

EXAMPLES = """\b
Examples:
  python -m strikeplate mutants
  python -m strikeplate mutants hides_the_pin shows_no_link
  python -m strikeplate mutants --sample 3 --seed 8
"""

NOTHING = Found({}, frozenset(), 0, 0, 0)


@dataclass(frozen=True)
class Proof:
    """The result of one mutant: what was found, or why nothing was."""

    mutant: Mutant
    found: Found
    error: str = ""

    @property
    def faults(self) -> list[str]:
        """Every difference from what the mutant's file states."""
        if self.error:
            return [self.error]
        broken, kept = self.found.broken.keys(), self.found.kept
        if self.mutant.null:
            return [f"keeps {', '.join(sorted(kept))}"] if kept else []
        if self.mutant.reads and not kept:
            return ["was judged by no rule"]
        survived = self.mutant.fails - broken
        extras = broken - self.mutant.fails
        return [
            *([f"does not break {', '.join(sorted(survived))}"] if survived else []),
            *(
                [f"also breaks {', '.join(map(self._by, sorted(extras)))}"]
                if extras
                else []
            ),
        ]

    def _by(self, rule: str) -> str:
        """Return a rule with the title of the scenario that broke it."""
        title = reach.scenario_keys().get(self.found.broken[rule], rule)
        return title.replace(": ", " by ", 1)

    @property
    def line(self) -> str:
        """The result as one line."""
        broken = ", ".join(sorted(self.found.broken)) or "-"
        ran, reached, every = self.found[2:]
        scenarios = f"{ran} scenarios run, {reached} of {every} in reach"
        found = "; ".join(self.faults) or "as stated"
        return f"{self.mutant.name}: {broken}; {found} ({scenarios})"


@click.command("mutants", epilog=EXAMPLES)
@click.argument("names", nargs=-1)
@click.option(
    "--sample",
    type=click.IntRange(min=0),
    metavar="NUMBER",
    help="So many scenarios of rules that a mutant does not state; all unless given.",
)
@click.option("--seed", default=7, show_default=True, help="Seeds the sample.")
@click.option(
    "--record",
    is_flag=True,
    help="Record which scenario breaks a rule, to begin there.",
)
def command(names: Sequence[str], sample: int | None, seed: int, record: bool) -> int:  # noqa: FBT001 - click's
    """Prove the rules: each known-bad subject breaks exactly those it names."""
    known = {mutant.name: mutant for mutant in all_mutants()}
    for name in names:
        if name not in known:
            raise Misuse(f"no mutant is called {name!r}; {suggest(name, known)}")
    began = monotonic()
    proofs = prove([known[name] for name in names or known], sample, seed)
    if record:
        _record(proofs)
    unproven = [] if names else _unproven(proofs)
    click.echo("\n".join(proof_table(proofs, unproven)))
    click.echo(f"{monotonic() - began:.0f} seconds.")
    return int(bool(unproven) or any(proof.faults for proof in proofs))


def prove(mutants: Sequence[Mutant], sample: int | None, seed: int) -> list[Proof]:
    """Judge mutants, print a line about each as it ends, and return the results."""
    recorded = reach.read()
    reach.require_current(recorded)
    proofs: list[Proof] = []
    by_name = {mutant.name: mutant for mutant in mutants}
    progress = Progress(len(mutants))
    out = sys.stdout  # the session's own goes into its log

    def notify(job: Job, found: object) -> None:
        mutant = by_name[job.name]
        error = "" if isinstance(found, Found) else str(found)
        proof = Proof(mutant, NOTHING if error else cast("Found", found), error)
        proofs.append(proof)
        progress.step()
        click.echo(f"{proof.line}  ({progress})", file=out)

    runs = [
        MutantRun(each, recorded.by(each), recorded.breaking(each), sample, seed)
        for each in mutants
    ]
    run_jobs(runs, notify)
    return proofs


def _record(proofs: Iterable[Proof]) -> None:
    """Record the scenarios that broke rules, for the next run to begin with."""
    recorded = reach.read()
    found = {proof.mutant.name: (*proof.found.broken.values(),) for proof in proofs}
    reach.write(replace(recorded, witnesses={**recorded.witnesses, **found}))


def proof_table(proofs: Sequence[Proof], unproven: Sequence[str]) -> Iterable[str]:
    """Yield the table of rules and the mutants that break them, then what is wrong."""
    proven: dict[str, list[str]] = {}
    for proof in proofs:
        for rule in proof.mutant.breaks & proof.found.broken.keys():
            proven.setdefault(rule, []).append(proof.mutant.name)
    yield "rule    is broken by"
    for rule in sorted(proven):
        yield f"{rule}  {', '.join(sorted(proven[rule]))}"
    benign = [proof.mutant.name for proof in proofs if proof.mutant.reads]
    if benign:
        yield f"lawful are  {', '.join(sorted(benign))}"
    nulls = [proof.mutant.name for proof in proofs if proof.mutant.null]
    if nulls:
        yield f"no rule passes with  {', '.join(sorted(nulls))}"
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
