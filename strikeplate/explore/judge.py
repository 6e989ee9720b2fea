"""Exploration and sweep as parts of `check`: differences count into rules' verdicts.

Each runs beside the scenarios, in a process of its own, for a fixed number of histories
or faults, so that one seed has one result. Each difference is a run of the rule that it
breaks.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from strikeplate.results import RunDetail, RunResult
from strikeplate.scenario_run import BY_LEVEL, RECORDER
from strikeplate.summary import NOT_CONFORMANT
from strikeplate.verdict import HarnessFault, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strikeplate.config import RunConfig
    from strikeplate.scenario_run import RunRecorder
    from strikeplate.subjects import Target

BROKEN_OFF = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR)

PLAYED = (0, NOT_CONFORMANT)
"""The exit codes of an exploration that took place."""


@dataclass(frozen=True)
class Explored:
    """One `explore` or `sweep` under way, of the first integration that is judged."""

    command: str
    run_config: RunConfig
    target: Target
    process: subprocess.Popen[bytes]
    folder: tempfile.TemporaryDirectory[str]

    def keep(self, recorder: RunRecorder) -> None:
        """Wait for its end, and keep a run of its rule for each difference.

        Raises `HarnessFault` if it did not take place.
        """
        output, _ = self.process.communicate()
        *_, counts, last = ["", *output.decode(errors="replace").strip().splitlines()]
        with self.folder as folder:
            if self.process.returncode not in PLAYED:
                text = f"{self.command} did not take place: {counts} {last}"
                raise HarnessFault(text)
            text = (Path(folder) / "found.json").read_text(encoding="utf-8")
        recorder.played.append(f"{self.command:<9}  {counts}: {last}")
        for run, detail in runs(
            self.run_config, self.target.id, json.loads(text), self.command
        ):
            recorder.keep(run, detail)


EXPLORED = pytest.StashKey[list[Explored]]()

BUDGETS = {"explore": "histories", "sweep": "budget"}
"""What takes part, by its command, each with the option for how much it plays."""

TITLES = {"explore": "Explored history", "sweep": "Swept history"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that ask for it."""
    group = parser.getgroup("strikeplate")
    group.addoption("--explore", type=int, default=0, help="histories of each vendor")
    group.addoption("--sweep", type=int, default=0, help="faults of each vendor")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start what is asked for beside the scenarios."""
    config = session.config
    if not session.items or config.getoption("collectonly"):
        return
    run_config = config.stash[RECORDER].run_config
    started = (start(run_config, config.getoption(name), name) for name in BUDGETS)
    config.stash[EXPLORED] = [each for each in started if each is not None]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Keep what was found, before the results are written."""
    if exitstatus in BROKEN_OFF:
        return
    for explored in session.config.stash.get(EXPLORED, []):
        recorder = session.config.stash[RECORDER]
        try:
            explored.keep(recorder)
        except HarnessFault as fault:
            recorder.faults.append(str(fault))


def start(
    run_config: RunConfig, number: int, command: str = "explore"
) -> Explored | None:
    """Start to play so many histories or faults of each vendor, if there is any."""
    options, targets = run_config.options, run_config.targets["service"]
    if not number or not targets:
        return None
    folder = tempfile.TemporaryDirectory(prefix="strikeplate-")
    asked = {
        "profile": options.profile,
        "subject": targets[0].connect,
        "seed": options.seed,
        BUDGETS[command]: number,
        "results": f"{folder.name}/histories",
        "json": f"{folder.name}/found.json",
    }
    words = [f"--{name}={value}" for name, value in asked.items()]
    process = subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-m", "strikeplate", command, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return Explored(command, run_config, targets[0], process, folder)


def runs(
    run_config: RunConfig,
    target: str,
    found: list[Mapping[str, str]],
    command: str = "explore",
) -> Iterator[tuple[RunResult, RunDetail]]:
    """Yield a run for each difference whose rule is in the catalogue and asked for."""
    rules = {rule.id: rule for rule in run_config.rules}
    for each in found:
        rule = rules.get(each["rule"])
        if rule is None:
            continue
        run = RunResult(
            rule=rule.id,
            area=rule.area,
            scenario=f"{TITLES[command]} {each['vendor']} {each['seed']} holds",
            example={},
            target=target,
            verdict=BY_LEVEL.get(rule.level, Verdict.FAIL),
            reason=f"{each['sentence']}; {each['harm']}",
        )
        yield run, RunDetail(each["scenario"])
