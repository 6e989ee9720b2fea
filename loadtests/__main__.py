"""`python -m loadtests`: load a subject, audit it at the doors, write the report.

Exit codes: 0 all thresholds kept, 1 not, 2 wrong usage, 3 the load test itself failed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from loadtests import house as housing
from loadtests import report, thresholds, weather
from loadtests import run as running
from loadtests.furnish import Wish
from loadtests.run import Cast
from loadtests.shapes import SHAPES
from strikeplate import suite
from strikeplate.call import NoAnswer
from strikeplate.verdict import HarnessFault, Inconclusive, Misuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loadtests.result import Result

KEPT, BROKEN, USAGE, FAULT = range(4)
RESULTS = suite.HOME / "results" / "load"


def main(words: Sequence[str]) -> int:
    """Return the exit code of one run."""
    asked = _parser().parse_args(words)
    try:
        result, folder = _play(asked)
    except Misuse as misuse:
        print(misuse, file=sys.stderr)  # noqa: T201 - the command's own answer
        return USAGE
    except (HarnessFault, Inconclusive, NoAnswer) as fault:
        print(f"the load test failed: {fault}", file=sys.stderr)  # noqa: T201
        return FAULT
    except KeyboardInterrupt:
        print("cut short: nothing was audited", file=sys.stderr)  # noqa: T201
        return FAULT
    report.write(result, folder)
    print(report.summary(result))  # noqa: T201
    print(f"report: {folder / 'report.html'}")  # noqa: T201
    return KEPT if result.kept else BROKEN


def _play(asked: argparse.Namespace) -> tuple[Result, Path]:
    weather.known(asked.faults)
    shape = SHAPES[asked.shape]
    wish = Wish(
        shape=asked.shape,
        seconds=asked.seconds or shape.seconds,
        rate=asked.rate or shape.rate,
        seed=asked.seed,
        vendors=tuple(asked.vendor),
        faults=asked.faults,
        patience=asked.patience,
    )
    cast = Cast(asked.platforms, asked.processes, asked.workers, asked.port)
    given = housing.profile(asked.profile)
    name = f"{given.profile}-{asked.shape}-{asked.faults}"
    folder = running.empty(Path(asked.results) / name)
    house = housing.open_house(given, asked.subject, folder)
    try:
        result = running.play(house, wish, cast, folder)
    finally:
        house.close()
    return result.held_against(thresholds.checks(result.figures, wish.shape)), folder


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m loadtests",
        description="Load a subject, audit it at the doors, write the report.",
    )
    add = parser.add_argument
    shapes = "; ".join(f"{name}: {each.about}" for name, each in SHAPES.items())
    add("--shape", choices=SHAPES, default="steady", help=shapes)
    add("--seconds", type=_positive, help="how long bookings are made")
    add("--rate", type=_positive, help="bookings a second, on the average")
    add("--faults", default="calm", help="trouble of vendors, as in faults.toml")
    add("--profile", default="reference", help="who is loaded, as for conformance")
    add("--subject", help="another one than the profile's, such as http:URL")
    add("--vendor", action="append", default=[], help="only whose doors; repeatable")
    add("--seed", type=int, default=7, help="of all that is made up")
    add("--platforms", type=int, default=50, help="events under way at once")
    add("--processes", type=int, default=1, help="sending processes started here")
    add("--workers", type=int, default=0, help="sending processes to wait for")
    add("--port", type=int, default=5557, help="where they report")
    add("--patience", type=float, default=120.0, help="seconds to come to rest")
    add("--results", default=str(RESULTS), help="folder for reports")
    return parser


def _positive(text: str) -> float:
    number = float(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text}: give a number above 0")
    return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
