"""`python -m loadtests`: load a subject, audit it at the doors, write the report.

Exit codes: 0 all thresholds passed, 1 a threshold failed, 2 wrong usage,
3 the load test itself failed.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from strikeplate.progress import MINUTE, span
from strikeplate.verdict import HarnessFault, Inconclusive, Misuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loadtests.monitor import Sample
    from loadtests.result import Result

PASSED, FAILED, USAGE, FAULT = range(4)
LOAD_RESULTS = RESULTS / "load"
LINE = 72


class Console:
    """Says how far a run is: over and over on a terminal, else once a minute."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._next = seconds, MINUTE

    def show(self, sample: Sample) -> None:
        """Say what one sample shows."""
        sending = sample.second < self._seconds
        left = f"{span(self._seconds - sample.second)} left" if sending else "settling"
        jobs = "" if sample.work is None else f", {sample.work} jobs"
        calls = sum(sample.calls.values())
        text = f"  {left}: {calls} calls to vendors, {sample.mails} messages{jobs}"
        if sys.stdout.isatty():
            print(f"\r{text:<{LINE}}", end="", flush=True)  # noqa: T201 - the command's output
        elif sample.second >= self._next:
            self._next += MINUTE
            print(text, flush=True)  # noqa: T201 - the command's output

    def close(self) -> None:
        """Leave the line empty for what is said next."""
        if sys.stdout.isatty():
            print(f"\r{'':{LINE}}", end="\r", flush=True)  # noqa: T201 - the command's output


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
    live, console = Metrics(folder), Console(options.seconds)

    def watch(sample: Sample) -> None:
        live.show(sample)
        console.show(sample)

    with served(live, arguments.metrics_port) as address:
        if address:
            print(f"metrics: {address}", flush=True)  # noqa: T201 - the command's output
        target = targets.open_target(given, arguments.subject, folder)
        with closing(target), closing(console):
            result = running.execute(target, options, locust_options, folder, watch)
    return result.with_checks(thresholds.checks(limits, result.figures)), folder


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < inf:
        raise argparse.ArgumentTypeError(f"{text!r}: give a number above 0")
    return number


_SHAPES = "; ".join(f"{name}: {each.about}" for name, each in SHAPES.items())
OPTIONS: dict[str, dict[str, Any]] = {  # as argparse takes them
    "--shape": {"choices": SHAPES, "default": "steady", "help": _SHAPES},
    "--seconds": {"type": _positive, "help": "how long bookings are made"},
    "--rate": {"type": _positive, "help": "bookings a second, on the average"},
    "--faults": {"default": "none", "help": "a fault schedule of faults.toml"},
    "--profile": {"default": "reference", "help": "the profile of the subject"},
    "--subject": {"help": "a subject other than the profile's, http://127.0.0.1:8000"},
    "--vendor": {
        "action": "append",
        "default": [],
        "help": "only its doors; repeatable",
    },
    "--seed": {"type": int, "default": 7, "help": "seed of the workload"},
    "--concurrency": {
        "type": int,
        "default": 50,
        "help": "deliveries in flight at once",
    },
    "--processes": {"type": int, "default": 1, "help": "senders started here"},
    "--workers": {"type": int, "default": 0, "help": "senders to wait for"},
    "--port": {"type": int, "default": 5557, "help": "port of the Locust master"},
    "--settle-timeout": {
        "type": float,
        "default": 120.0,
        "help": "seconds to wait for convergence",
    },
    "--thresholds": {
        "type": Path,
        "action": "append",
        "default": [],
        "metavar": "FILE",
        "help": "limits of your own, which replace those that they name; repeatable",
    },
    "--metrics-port": {
        "type": int,
        "metavar": "PORT",
        "help": "serve /metrics for Prometheus while the run goes on; 0: any free",
    },
    "--results": {"default": str(LOAD_RESULTS), "help": "folder for reports"},
}
UNSET: tuple[object, ...] = (None, [])
"""Defaults that need no word: a shape's own, or everything."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=serving.called_as("loadtests"),
        description="Load a subject, audit it at the doors, write the report.",
        epilog="Without --seconds and --rate a shape's own are taken.",
    )
    version = serving.version()
    parser.add_argument("--version", action="version", version=version)
    for name, each in OPTIONS.items():
        default = each.get("default")
        told = "" if default in UNSET else f" (default: {default})"
        parser.add_argument(name, **each | {"help": each["help"] + told})
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
