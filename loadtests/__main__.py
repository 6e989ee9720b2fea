"""`python -m loadtests`: load a subject, audit it at the doors, write the report.

Exit codes: 0 all thresholds passed, 1 a threshold failed, 2 wrong usage,
3 the load test itself failed.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import serving
from loadtests import fault_schedule, report, thresholds
from loadtests import run as running
from loadtests import target as targets
from loadtests.metrics import Metrics, served
from loadtests.run import LocustOptions
from loadtests.target import LoadOptions
from loadtests.workload import SHAPES
from strikeplate import RESULTS
from strikeplate.http import NoAnswer
from strikeplate.verdict import HarnessFault, Inconclusive, Misuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loadtests.result import Result

PASSED, FAILED, USAGE, FAULT = range(4)
LOAD_RESULTS = RESULTS / "load"


def main(words: Sequence[str]) -> int:
    """Return the exit code of one run."""
    arguments = _parser().parse_args(words)
    try:
        result, folder = _execute(arguments)
    except Misuse as misuse:
        print(misuse, file=sys.stderr)  # noqa: T201 - the command's output
        return USAGE
    except (HarnessFault, Inconclusive, NoAnswer) as fault:
        print(f"the load test failed: {fault}", file=sys.stderr)  # noqa: T201
        return FAULT
    except KeyboardInterrupt:
        print("interrupted: nothing was audited", file=sys.stderr)  # noqa: T201
        return FAULT
    report.write(result, folder)
    print(report.summary(result))  # noqa: T201
    print(f"report: {folder / 'report.html'}")  # noqa: T201
    return PASSED if result.passed else FAILED


def _execute(arguments: argparse.Namespace) -> tuple[Result, Path]:
    fault_schedule.known(arguments.faults)
    limits = thresholds.read(arguments.shape, *arguments.thresholds)
    shape = SHAPES[arguments.shape]
    options = LoadOptions(
        shape=arguments.shape,
        seconds=arguments.seconds or shape.seconds,
        rate=arguments.rate or shape.rate,
        seed=arguments.seed,
        vendors=tuple(arguments.vendor),
        faults=arguments.faults,
        settle_timeout=arguments.settle_timeout,
    )
    locust_options = LocustOptions(
        arguments.concurrency, arguments.processes, arguments.workers, arguments.port
    )
    given = targets.profile(arguments.profile)
    name = f"{given.profile}-{arguments.shape}-{arguments.faults}"
    folder = running.empty(Path(arguments.results) / name)
    live = Metrics(folder)
    with served(live, arguments.metrics_port) as address:
        if address:
            print(f"metrics: {address}", flush=True)  # noqa: T201 - the command's output
        target = targets.open_target(given, arguments.subject, folder)
        with closing(target):
            result = running.execute(target, options, locust_options, folder, live.show)
    return result.with_checks(thresholds.checks(limits, result.figures)), folder


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=serving.called_as("loadtests"),
        description="Load a subject, audit it at the doors, write the report.",
    )
    add = parser.add_argument
    shapes = "; ".join(f"{name}: {each.about}" for name, each in SHAPES.items())
    add("--shape", choices=SHAPES, default="steady", help=f"{shapes} (%(default)s)")
    add("--seconds", type=_positive, help="how long bookings are made (the shape's)")
    add(
        "--rate", type=_positive, help="bookings a second, on the average (the shape's)"
    )
    add(
        "--faults", default="none", help="a fault schedule of faults.toml (%(default)s)"
    )
    add(
        "--profile",
        default="reference",
        help="the profile of the subject, as for conformance (%(default)s)",
    )
    add(
        "--subject",
        help="a subject other than the profile's, such as http://127.0.0.1:8000",
    )
    add(
        "--vendor",
        action="append",
        default=[],
        help="only doors of this vendor; repeatable (all that the subject supports)",
    )
    add("--seed", type=int, default=7, help="seed of the workload (%(default)s)")
    add(
        "--concurrency",
        type=int,
        default=50,
        help="deliveries in flight at once (%(default)s)",
    )
    add(
        "--processes",
        type=int,
        default=1,
        help="sending processes started here (%(default)s)",
    )
    add("--workers", type=int, default=0, help="sending processes to wait for (none)")
    add(
        "--port", type=int, default=5557, help="port of the Locust master (%(default)s)"
    )
    add(
        "--settle-timeout",
        type=float,
        default=120.0,
        help="seconds to wait for convergence (%(default)g)",
    )
    add(
        "--thresholds",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="limits of your own, which replace those that they name; repeatable",
    )
    add(
        "--metrics-port",
        type=int,
        metavar="PORT",
        help="serve /metrics for Prometheus here while the run goes on; 0: any free",
    )
    add("--results", default=str(LOAD_RESULTS), help="folder for reports (%(default)s)")
    return parser


def _positive(text: str) -> float:
    number = float(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text}: give a number above 0")
    return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
