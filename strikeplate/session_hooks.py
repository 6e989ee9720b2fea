"""Pytest hooks of one session, from collection to results.

They report to each scenario run what happens, keep its result, and map every verdict
to one of pytest's three outcomes. The verdict itself travels as a property.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pytest

from strikeplate import artefacts, collecting
from strikeplate.scenario_run import ScenarioRun
from strikeplate.summary import HARNESS_ERROR
from strikeplate.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from pytest_bdd.parser import Scenario, Step

    from strikeplate.classify import Outcome
    from strikeplate.recorder import RunRecorder

SCENARIO_RUN = pytest.StashKey[ScenarioRun]()

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
class SessionHooks:
    """The hooks of one session, over one recorder."""

    recorder: RunRecorder
    root: Path

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what could not be collected: it would be missing in silence."""
        if report.failed:
            last = report.longreprtext.strip().splitlines()[-1]
            self.recorder.faults.append(f"cannot collect {report.nodeid}: {last}")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Give every item its scenario run; run nothing when a rule is malformed."""
        self.recorder.faults += collecting.faults(items, self.recorder.run_config)
        scenario_runs = collecting.scenario_runs(items, self.recorder.run_config)
        for item, scenario_run in scenario_runs:
            item.stash[SCENARIO_RUN] = scenario_run
        items[:] = [] if self.recorder.faults else [item for item, _ in scenario_runs]
        self.recorder.planned = len(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Stop before any fixture when the subject lacks what is needed."""
        item.stash[SCENARIO_RUN].open()

    def pytest_bdd_before_scenario(
        self, request: pytest.FixtureRequest, scenario: Scenario
    ) -> None:
        """Take down the steps."""
        request.node.stash[SCENARIO_RUN].plan(scenario.steps)

    def pytest_bdd_before_step(self, request: pytest.FixtureRequest) -> None:
        """Stand before a step."""
        request.node.stash[SCENARIO_RUN].reach()

    def pytest_bdd_before_step_call(
        self, request: pytest.FixtureRequest, step: Step
    ) -> None:
        """Enter a step."""
        request.node.stash[SCENARIO_RUN].call(step.type)

    def pytest_bdd_after_step(self, request: pytest.FixtureRequest) -> None:
        """Leave a step that held."""
        request.node.stash[SCENARIO_RUN].leave(broken=False)

    def pytest_bdd_step_error(self, request: pytest.FixtureRequest) -> None:
        """Leave a step that broke."""
        request.node.stash[SCENARIO_RUN].leave(broken=True)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Judge the phase, and colour pytest's report of it."""
        report = yield
        scenario_run = item.stash[SCENARIO_RUN]
        found = scenario_run.end(
            call.when, call.excinfo.value if call.excinfo else None
        )
        if found:
            self._colour(report, scenario_run, found)
        if call.when == "teardown":
            run = self.recorder.close(scenario_run)
            properties = {"rule": run.rule, "verdict": run.verdict.value}
            report.user_properties += properties.items()
        return report

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the results, and end with the exit code of the judgement."""
        self.recorder.broken_off = exitstatus in BROKEN_OFF
        if self.recorder.obstacle:
            session.exitstatus = HARNESS_ERROR
            return
        session.exitstatus = artefacts.write(self.recorder, self.root)

    def _colour(
        self, report: pytest.TestReport, scenario_run: ScenarioRun, found: Outcome
    ) -> None:
        report.outcome = COLOURS.get(found.verdict, "failed")
        if found.verdict is Verdict.INCONCLUSIVE and scenario_run.level != "MUST":
            report.outcome = "passed"
        expected = self.recorder.expected(scenario_run)
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
