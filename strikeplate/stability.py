"""`stability`: what is judged again must be judged alike.

Every repetition has its own order of scenarios, hash seed and, from the second on, seed
of chance. The seed explains where it is named itself, and nothing else: any other line
of results.ndjson that is not as in the first repetition fails.

Exit codes: 0 all alike, 1 not, 2 wrong usage, 3 a repetition could not be judged.
"""

from __future__ import annotations

import argparse
import difflib
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from strikeplate import module, results, variables
from strikeplate.summary import HARNESS_ERROR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TIMES = 3
FIRST_SEED = 7
SHOWN = 20
"""So many lines that differ are shown."""


def main(arguments: Sequence[str]) -> int:
    """Run several times, print how each compares, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m strikeplate stability",
        description="Judge again and again: what comes of it must not change.",
    )
    parser.add_argument("--times", type=int, default=TIMES, help="how often")
    parser.add_argument("options", nargs="*", help="options of `run`, after --")
    asked = parser.parse_args(arguments)
    if asked.times < 1:
        parser.error(f"--times {asked.times}: nothing would be judged; give 1 or more")
    first: list[str] = []
    differ = False
    for number in range(asked.times):
        found = repeated(number, asked.options)
        if found is None:
            _say(f"{number + 1} of {asked.times}: could not be judged")
            return HARNESS_ERROR
        first = first or found
        changed = list(changes(first, found))
        differ = differ or bool(changed)
        _say(f"{number + 1} of {asked.times}: {'differs' if changed else 'alike'}")
        _say(*changed[:SHOWN])
    return int(differ)


def repeated(number: int, options: Sequence[str]) -> list[str] | None:
    """Return the lines of one repetition's results; None when there are none."""
    seed = FIRST_SEED + number
    with tempfile.TemporaryDirectory() as folder:
        own = (f"--seed={seed}", f"--shuffle={number}", f"--results={folder}")
        subprocess.run(  # noqa: S603 - our own command
            [*module("strikeplate"), "check", *options, *own],
            env={**variables(), "PYTHONHASHSEED": str(number)},
            check=False,
        )
        try:
            found = results.read(Path(folder) / "results.ndjson")
        except results.ResultsError:
            return None
    return list(results.lines(unseeded(found)))


def unseeded(found: results.Results) -> results.Results:
    """Return results with the seed replaced by the first."""
    named = f"seed {found.header.seed}."
    return replace(
        found,
        header=replace(found.header, seed=FIRST_SEED),
        headline=found.headline.replace(named, f"seed {FIRST_SEED}."),
    )


def changes(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Yield every line that is gone or new."""
    difference = difflib.unified_diff(before, after, n=0, lineterm="")
    yield from (
        line for line in difference if not line.startswith(("---", "+++", "@@"))
    )


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
