"""The conformance run: what judging one more scenario costs, by processor time.

A run of all rules is set against one of a single rule, in turns: what is left is the
scenarios, without start, collection and report. Service and fakes share the process.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from loadtests.bench import machine
from loadtests.bench.measure import ROUNDS, Goal, OthersMonitor
from loadtests.bench.servers import COMPILED, ROOT, folder, module

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loadtests.bench.measure import Row

SCENARIO: Final = Goal(
    "conformance: CPU of a scenario, in process", 17, "ms", at_most=True
)
"""15 ms beside the 2 that pytest-bdd takes for five steps that do nothing."""
ONE_RULE: Final = "--only=MSG-01"
"""It goes the whole way once, from a connection to a door, so all of it has started."""


@dataclass(frozen=True, slots=True)
class RunCost:
    """A run: how many scenarios, in how many seconds of processor time."""

    scenarios: int
    seconds: float


def measure() -> Iterator[Row]:
    """Yield the row."""
    _run_rules(ONE_RULE)
    with OthersMonitor() as monitor:
        turns = [(_run_rules(ONE_RULE), _run_rules()) for _ in range(ROUNDS)]
    figures = [
        (whole.seconds - one.seconds) / (whole.scenarios - one.scenarios) * 1000
        for one, whole in turns
    ]
    content = ", ".join(f"{figure:.1f}" for figure in figures)
    one, whole = turns[-1]
    last = f"{whole.scenarios} scenarios {whole.seconds:.1f} s CPU, a rule's "
    yield SCENARIO.row(
        median(figures),
        f"{content} ms; {last}{one.scenarios} alone {one.seconds:.1f} s",
        others=monitor.others,
    )


def _run_rules(*more: str) -> RunCost:
    """Return what a run of the rules took."""
    with folder() as home:
        words = ["run", "--subject=inprocess:service", f"--results={home}", *more]
        begun = _ended_seconds()
        subprocess.run(  # noqa: S603 - our own words
            module("strikeplate", *words),
            cwd=ROOT,
            env={**os.environ, **COMPILED},
            stdout=subprocess.DEVNULL,
            check=True,
            preexec_fn=lambda: machine.pin(machine.SERVER_CORE),
        )
        last = (home / "results.ndjson").read_text().splitlines()[-1]
        return RunCost(json.loads(last)["runs"], _ended_seconds() - begun)


def _ended_seconds() -> float:
    """Return the processor time of all processes that were started here and ended."""
    ended = os.times()
    return ended.children_user + ended.children_system
