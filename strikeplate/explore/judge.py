"""Exploration as a part of `check`: its differences count into the rules' verdicts.

It runs beside the scenarios, in a process of its own, for a fixed number of histories,
so that one seed has one result. Each difference is a run of the rule that it breaks.
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
from strikeplate.scenario_run import BY_LEVEL
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


@dataclass(eq=False)
class ExplorationHooks:
    """The part of a session that explores, if that is asked for."""

    recorder: RunRecorder
    explored: Explored | None = None

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Start it beside the scenarios."""
        if session.items and not session.config.getoption("collectonly"):
            self.explored = start(self.recorder.run_config)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Keep what it found, before the results are written."""
        if self.explored is None or exitstatus in BROKEN_OFF:
            return
        try:
            for run, detail in self.explored.runs():
                self.recorder.keep(run, detail)
        except HarnessFault as fault:
            self.recorder.faults.append(str(fault))


@dataclass(frozen=True)
class Explored:
    """One exploration under way, of the first integration that is judged."""

    run_config: RunConfig
    target: Target
    process: subprocess.Popen[bytes]
    folder: tempfile.TemporaryDirectory[str]

    def runs(self) -> Iterator[tuple[RunResult, RunDetail]]:
        """Wait for its end, and yield a run of its rule for each difference.

        Raises `HarnessFault` if it did not take place.
        """
        output, _ = self.process.communicate()
        with self.folder as folder:
            if self.process.returncode not in PLAYED:
                lines = output.decode(errors="replace").strip().splitlines()
                last = " ".join(lines[-2:])
                raise HarnessFault(f"exploration did not take place: {last}")
            text = (Path(folder) / "found.json").read_text(encoding="utf-8")
        yield from runs(self.run_config, self.target.id, json.loads(text))


def start(run_config: RunConfig) -> Explored | None:
    """Start an exploration, if one is asked for and there is somebody to explore."""
    options, targets = run_config.options, run_config.targets["service"]
    if not options.explore or not targets:
        return None
    folder = tempfile.TemporaryDirectory(prefix="strikeplate-")
    asked = {
        "profile": options.profile,
        "subject": targets[0].connect,
        "seed": options.seed,
        "histories": options.explore,
        "results": f"{folder.name}/histories",
        "json": f"{folder.name}/found.json",
    }
    words = [f"--{name}={value}" for name, value in asked.items()]
    process = subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-m", "strikeplate", "explore", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return Explored(run_config, targets[0], process, folder)


def runs(
    run_config: RunConfig, target: str, found: list[Mapping[str, str]]
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
            scenario=f"Explored history {each['vendor']} {each['seed']} holds",
            example={},
            target=target,
            verdict=BY_LEVEL.get(rule.level, Verdict.FAIL),
            reason=f"{each['sentence']}; {each['harm']}",
        )
        yield run, RunDetail(each["scenario"])
