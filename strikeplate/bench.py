"""The bench: the hooks through which a session is judged, from collection to results.

It tells each trial what happens to it, keeps what comes of it, and gives pytest a
colour for every verdict; the verdict itself travels as a property, so that it is not
lost in three colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pytest

from strikeplate import artefacts, collecting
from strikeplate.summary import HARNESS_ERROR
from strikeplate.trial import Trial
from strikeplate.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from pytest_bdd.parser import Scenario, Step

    from strikeplate.docket import Docket
    from strikeplate.judge import Finding

TRIAL = pytest.StashKey[Trial]()

COLOURS: dict[Verdict, Literal["passed", "skipped"]] = {
    Verdict.UNTESTED: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.PASS: "passed",
    Verdict.WARN: "passed",
}
"""How pytest shows a verdict; what is not listed is failed."""

BROKEN_OFF = (
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.INTERNAL_ERROR,
    pytest.ExitCode.USAGE_ERROR,
)
"""How a session ends that did not run what it was to run."""


@dataclass(eq=False)
class Bench:
    """The hooks of one session, over one docket."""

    docket: Docket
    root: Path

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what could not be collected: it would be missing in silence."""
        if report.failed:
            last = report.longreprtext.strip().splitlines()[-1]
            self.docket.faults.append(f"cannot collect {report.nodeid}: {last}")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Give every item its trial; judge nothing when the rules are at fault."""
        self.docket.faults += collecting.faults(items, self.docket.setting)
        trials = collecting.trials(items, self.docket.setting)
        for item, trial in trials:
            item.stash[TRIAL] = trial
        items[:] = [] if self.docket.faults else [item for item, _ in trials]
        self.docket.planned = len(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Stop before any fixture when the subject lacks what is needed."""
        item.stash[TRIAL].open()

    def pytest_bdd_before_scenario(
        self, request: pytest.FixtureRequest, scenario: Scenario
    ) -> None:
        """Take down the steps."""
        request.node.stash[TRIAL].plan(scenario.steps)

    def pytest_bdd_before_step(self, request: pytest.FixtureRequest) -> None:
        """Stand before a step."""
        request.node.stash[TRIAL].reach()

    def pytest_bdd_before_step_call(
        self, request: pytest.FixtureRequest, step: Step
    ) -> None:
        """Enter a step."""
        request.node.stash[TRIAL].call(step.type)

    def pytest_bdd_after_step(self, request: pytest.FixtureRequest) -> None:
        """Leave a step that held."""
        request.node.stash[TRIAL].leave(broken=False)

    def pytest_bdd_step_error(self, request: pytest.FixtureRequest) -> None:
        """Leave a step that broke."""
        request.node.stash[TRIAL].leave(broken=True)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Judge the phase, and colour pytest's report of it."""
        report = yield
        trial = item.stash[TRIAL]
        found = trial.end(call.when, call.excinfo.value if call.excinfo else None)
        if found:
            self._colour(report, trial, found)
        if call.when == "teardown":
            run = self.docket.close(trial)
            properties = {"rule": run.rule, "verdict": run.verdict.value}
            report.user_properties += properties.items()
        return report

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the results, and end with the exit code of the judgement."""
        self.docket.broken_off = exitstatus in BROKEN_OFF
        if self.docket.obstacle:
            session.exitstatus = HARNESS_ERROR
            return
        session.exitstatus = artefacts.write(self.docket, self.root)

    def _colour(self, report: pytest.TestReport, trial: Trial, found: Finding) -> None:
        report.outcome = COLOURS.get(found.verdict, "failed")
        if found.verdict is Verdict.INCONCLUSIVE and trial.level != "MUST":
            report.outcome = "passed"
        expected = self.docket.expected(trial)
        if expected is not None and report.outcome == "failed":
            report.outcome = "skipped"
            report.wasxfail = expected
        if report.outcome == "skipped":
            file, line, _ = report.location
            report.longrepr = (file, line or 0, found.reason or "")
        elif report.outcome == "passed":
            report.longrepr = None
        elif report.longrepr is None or isinstance(report.longrepr, tuple):
            report.longrepr = f"{found.verdict.value}: {found.reason}"
