"""The pytest plugin: options, fixtures, collection and the hooks of a session.

Fixtures for steps and adapters: `profile`, `seed`, `target` (what the scenario runs
against), `vendor` (the vendor that a scenario means), `transcript` and `redact`.

The hooks report to each scenario run what happens, keep its result, and map every
verdict to one of pytest's three outcomes. The verdict itself travels as a property.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from _pytest.runner import runtestprotocol  # pytest shows it to plugins nowhere else
from freezegun import api  # the subject's clock may be ours, frozen

from strikeplate import FEATURES, bdd_guards, history, processes
from strikeplate.collection import collection_faults, parametrise, scenario_runs
from strikeplate.config import Options, resolve_config
from strikeplate.reporters import check_folder, write_artefacts
from strikeplate.scenario_run import RECORDER, SCENARIO_RUN, RunRecorder, ScenarioRun
from strikeplate.subjects.declared_setup import check_doors
from strikeplate.subjects.surroundings import signing_secret
from strikeplate.subjects.vendor import fakes_app, fakes_in
from strikeplate.summary import HARNESS_ERROR, PARTLY_JUDGED, PARTLY_SESSION
from strikeplate.verdict import Misuse, Verdict

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from datetime import datetime

    from pytest_bdd.parser import Scenario, Step

    from strikeplate.allotment import Bound
    from strikeplate.profile import Profile, Refusal
    from strikeplate.scenario_run import Outcome
    from strikeplate.subjects import Target
    from strikeplate.transcript import Redact, Transcript


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a run."""
    group = parser.getgroup("strikeplate", "judging by the documented rules")
    group.addoption("--profile", default="reference", help="a profile's name or file")
    group.addoption("--subject", action="append", default=[], help="an integration")
    group.addoption("--vendor", action="append", default=[], help="a vendor's server")
    group.addoption("--lock", action="append", default=[], help="a vendor's lock")
    group.addoption("--name", default="", help="what is judged, by its own name")
    group.addoption("--release", default="", help="the version of what is judged")
    group.addoption("--seed", type=int, default=7, help="seeds every random choice")
    group.addoption("--results", help="the folder to write into")
    group.addoption("--history", type=Path, help="the file to add a line to")
    group.addoption("--only", action="append", default=[], help="rule ids, titles")
    group.addoption("--shuffle", type=int, help="seeds another order of scenarios")
    group.addoption("--workers", type=int, default=6, help="processes for one subject")
    group.addoption("--rules", default=FEATURES, help="folder of the rules")


def pytest_configure(config: pytest.Config) -> None:
    """Resolve the configuration before anything is collected."""
    config.addinivalue_line("markers", "tag(name): a tag of the feature file")
    options = Options(
        profile=config.getoption("profile"),
        subjects=tuple(config.getoption("subject")),
        vendors=tuple(config.getoption("vendor")),
        locks=tuple(config.getoption("lock")),
        name=config.getoption("name"),
        release=config.getoption("release"),
        seed=config.getoption("seed"),
        only=tuple(config.getoption("only")),
        results=config.getoption("results"),
        shuffle=config.getoption("shuffle"),
        history=config.getoption("history"),
        workers=config.getoption("workers"),
        explore=config.getoption("explore", 0),
        sweep=config.getoption("sweep", 0),
        rules=Path(config.getoption("rules")).resolve(),
    )
    try:
        recorder = RunRecorder(resolve_config(options))
        if options.history:
            history.check_file(options.history)
        if declared := recorder.run_config.profile.declared:
            signing_secret(declared)
            check_doors(declared, lambda: fakes_in(fakes_app()))
        check_folder(recorder)
    except Misuse as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[RECORDER] = recorder
    processes.terminate_in_order()
    patch = pytest.MonkeyPatch()
    bdd_guards.cache_step_lookup(patch)
    bdd_guards.share_parsing(patch)
    config.add_cleanup(patch.undo)
    config.pluginmanager.register(SessionHooks(recorder), "strikeplate-hooks")


@pytest.hookimpl(tryfirst=True)
def pytest_bdd_apply_tag(tag: str, function: object) -> bool:
    """Keep tags as values; `requirements.lint` checks them."""
    pytest.mark.tag(tag)(function)
    return True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each scenario once per target it concerns."""
    parametrise(metafunc, metafunc.config.stash[RECORDER].run_config)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End pytest's own output with the headline."""
    recorder = terminalreporter.config.stash[RECORDER]
    for fault in recorder.faults:
        terminalreporter.write_line(f"harness fault: {fault}", red=True)
    last = recorder.obstacle or recorder.summary().headline
    terminalreporter.write_line(last, bold=True)


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """Return the target of this run."""
    found: Target = request.param
    return found


@pytest.fixture
def refusal(request: pytest.FixtureRequest) -> Refusal:
    """Return one absent capability that the subject must refuse."""
    found: Refusal = request.param
    return found


@pytest.fixture(scope="session")
def profile(pytestconfig: pytest.Config) -> Profile:
    """Return the profile of this session."""
    return pytestconfig.stash[RECORDER].run_config.profile


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> int:
    """Return the number that seeds every random choice."""
    return pytestconfig.stash[RECORDER].run_config.options.seed


@pytest.fixture
def vendor(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> str:
    """Return the vendor of this scenario unless a step names another."""
    scenario_run: ScenarioRun = request.node.stash[SCENARIO_RUN]
    return pytestconfig.stash[RECORDER].run_config.vendor(scenario_run.blank.area)


@pytest.fixture
def bound(request: pytest.FixtureRequest) -> Mapping[str, Bound]:
    """Return the declared resource that stands for each name of this scenario."""
    scenario_run: ScenarioRun = request.node.stash[SCENARIO_RUN]
    return scenario_run.bound


@pytest.fixture
def written(request: pytest.FixtureRequest) -> tuple[datetime, ...]:
    """Return the instants that the steps of this scenario name."""
    scenario_run: ScenarioRun = request.node.stash[SCENARIO_RUN]
    return scenario_run.written


@pytest.fixture
def redact(request: pytest.FixtureRequest) -> Redact:
    """Return the redaction of this scenario."""
    scenario_run: ScenarioRun = request.node.stash[SCENARIO_RUN]
    return scenario_run.redact


@pytest.fixture
def transcript(request: pytest.FixtureRequest) -> Transcript:
    """Return the transcript of this scenario."""
    scenario_run: ScenarioRun = request.node.stash[SCENARIO_RUN]
    return scenario_run.transcript


@pytest.fixture(autouse=True)
def _held_against(target: Target) -> Target:
    """Make every scenario use `target`, so that it runs once for each."""
    return target


COLOURS: dict[Verdict, Literal["passed", "skipped"]] = {
    Verdict.UNTESTED: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.PASS: "passed",
    Verdict.WARN: "passed",
    Verdict.INCONCLUSIVE: "skipped",
}
"""How pytest shows a verdict; others are failed."""

TOOL_FAILED = (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)
"""How a session ends whose runs say nothing."""


@dataclass(eq=False)
class SessionHooks:
    """The hooks of one session, over one recorder."""

    recorder: RunRecorder

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Record a collection error, which would otherwise be silent."""
        if report.failed:
            last = report.longreprtext.strip().splitlines()[-1]
            self.recorder.faults.append(f"cannot collect {report.nodeid}: {last}")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Give every item its scenario run; run nothing when a rule is malformed."""
        self.recorder.faults += collection_faults(items, self.recorder.run_config)
        found = scenario_runs(items, self.recorder.run_config)
        for item, scenario_run in found:
            item.stash[SCENARIO_RUN] = scenario_run
        items[:] = [] if self.recorder.faults else [item for item, _ in found]
        runs = (scenario_run for _, scenario_run in found)
        self.recorder.planned = () if self.recorder.faults else tuple(runs)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Stop before any fixture when a needed capability is absent."""
        scenario_run = item.stash[SCENARIO_RUN]
        scenario_run.began = api.real_perf_counter()
        scenario_run.open()

    def pytest_bdd_before_scenario(
        self, request: pytest.FixtureRequest, scenario: Scenario
    ) -> None:
        """Record the steps."""
        request.node.stash[SCENARIO_RUN].plan(scenario.steps)

    def pytest_bdd_before_step(self, request: pytest.FixtureRequest) -> None:
        """Record that a step comes next."""
        request.node.stash[SCENARIO_RUN].reach()

    def pytest_bdd_before_step_call(
        self, request: pytest.FixtureRequest, step: Step
    ) -> None:
        """Record that a step's function is called."""
        request.node.stash[SCENARIO_RUN].call(step.type)

    def pytest_bdd_after_step(self, request: pytest.FixtureRequest) -> None:
        """Record that a step passed."""
        request.node.stash[SCENARIO_RUN].leave(broken=False)

    def pytest_bdd_step_error(self, request: pytest.FixtureRequest) -> None:
        """Record that a step failed."""
        request.node.stash[SCENARIO_RUN].leave(broken=True)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Play a scenario once more whose subject was ended by our clock."""
        done = yield
        if item.stash[SCENARIO_RUN].plays_again:
            item.stash[SCENARIO_RUN] = item.stash[SCENARIO_RUN].anew()
            item._initrequest()  # type: ignore[attr-defined]  # noqa: SLF001 - pytest has no other way
            runtestprotocol(item, nextitem=nextitem)
        return done

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Classify the phase, and set the outcome of pytest's report."""
        report = yield
        scenario_run = item.stash[SCENARIO_RUN]
        scenario_run.seconds = api.real_perf_counter() - scenario_run.began
        found = scenario_run.end(
            call.when, call.excinfo.value if call.excinfo else None
        )
        if found:
            self._colour(report, scenario_run, found)
        if call.when == "teardown" and not scenario_run.plays_again:
            run = self.recorder.close(scenario_run)
            properties = {"rule": run.rule, "verdict": run.verdict.value}
            report.user_properties += properties.items()
        return report

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the results, and set the exit code of the run."""
        self.recorder.conclude(
            interrupted=exitstatus == pytest.ExitCode.INTERRUPTED,
            tool_failed=exitstatus in TOOL_FAILED,
        )
        if self.recorder.obstacle:
            session.exitstatus = HARNESS_ERROR
            return
        code = write_artefacts(self.recorder)
        session.exitstatus = PARTLY_SESSION if code == PARTLY_JUDGED else code

    def _colour(
        self, report: pytest.TestReport, scenario_run: ScenarioRun, found: Outcome
    ) -> None:
        report.outcome = COLOURS.get(found.verdict, "failed")
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
