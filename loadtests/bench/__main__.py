"""`python -m loadtests.bench`: measure our own parts against their baselines.

python -m loadtests.bench                  every group of rows
python -m loadtests.bench accept codes     some of them
python -m loadtests.bench --page           also write RESULTS.md, to be committed
"""

from __future__ import annotations

import argparse
import signal
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from time import perf_counter
from typing import TYPE_CHECKING, Final

from loadtests.bench import machine, report, rows
from loadtests.bench.servers import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loadtests.bench.measure import Row

PAGE: Final = Path(__file__).with_name("RESULTS.md")
GROUPS: Final = sorted(each.name for each in iter_modules(rows.__path__))


def main(words: Sequence[str]) -> int:
    """Measure, show and write down; the exit code is 1 where a goal is missed."""
    parser = _parser()
    asked = parser.parse_args(words)
    for group in set(asked.groups) - set(GROUPS):
        parser.error(f"no group {group!r}; there are {', '.join(GROUPS)}")
    machine.pin(machine.CLIENT_CORE)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends what was begun
    begun = perf_counter()
    found: list[Row] = []
    modules = [import_module(f"loadtests.bench.rows.{each}") for each in GROUPS]
    for name, module in zip(GROUPS, modules, strict=True):
        usual = not asked.groups and not getattr(module, "ASKED_FOR", False)
        for row in module.measure() if usual or name in asked.groups else ():
            found.append(row)
            _say(report.line(row))
            report.write_json(found, asked.json)  # a run may be cut short
            if asked.page:
                report.write_page(found, PAGE)
    missed = [row for row in found if row.met is False]
    _say(
        f"{len(found)} rows in {perf_counter() - begun:.0f} s, {len(missed)} goals "
        f"missed; {asked.json}"
    )
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m loadtests.bench", description=__doc__)
    known = f"of {', '.join(GROUPS)}"
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=known)
    parser.add_argument("--page", action="store_true", help="write RESULTS.md too")
    place = ROOT / "results" / "bench.json"
    parser.add_argument("--json", type=Path, default=place, help="(%(default)s)")
    return parser


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
