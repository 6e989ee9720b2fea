"""The pytest plugin: options and fixtures; `session_hooks` holds the hooks that judge.

Fixtures for steps and adapters: `profile`, `seed`, `target` (what this run is held
against), `vendor` (whose locks are meant), `transcript` (what is written down),
`redact` (what must not be read).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from strikeplate import bdd_guards, collecting, processes, suite
from strikeplate.config import Options, resolve_config
from strikeplate.recorder import RunRecorder
from strikeplate.session_hooks import SCENARIO_RUN, SessionHooks
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from strikeplate.capability import Refusal
    from strikeplate.profile import Profile
    from strikeplate.redact import Redact
    from strikeplate.scenario_run import ScenarioRun
    from strikeplate.target import Target
    from strikeplate.transcript import Transcript

RECORDER = pytest.StashKey[RunRecorder]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the options of a judgement."""
    group = parser.getgroup("strikeplate", "judging by the documented rules")
    group.addoption("--profile", default="reference", help="a profile's name or file")
    group.addoption("--subject", action="append", default=[], help="an integration")
    group.addoption("--vendor", action="append", default=[], help="a vendor's server")
    group.addoption("--seed", type=int, default=7, help="seeds every random choice")
    group.addoption("--results", help="the folder to write into")
    group.addoption("--only", action="append", default=[], help="a prefix of rule ids")
    group.addoption("--shuffle", type=int, help="seeds another order of scenarios")
    group.addoption("--rules", default=suite.FEATURES, help="folder of the rules")


def pytest_configure(config: pytest.Config) -> None:
    """Settle what is judged before anything is collected."""
    config.addinivalue_line("markers", "tag(name): a tag of the feature file")
    options = Options(
        profile=config.getoption("profile"),
        subjects=tuple(config.getoption("subject")),
        vendors=tuple(config.getoption("vendor")),
        seed=config.getoption("seed"),
        only=tuple(config.getoption("only")),
        results=config.getoption("results"),
        shuffle=config.getoption("shuffle"),
        rules=Path(config.getoption("rules")).resolve(),
    )
    try:
        recorder = RunRecorder(resolve_config(options))
    except Misuse as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[RECORDER] = recorder
    processes.terminate_in_order()
    patch = pytest.MonkeyPatch()
    bdd_guards.cache_step_lookup(patch)
    config.add_cleanup(patch.undo)
    config.pluginmanager.register(
        SessionHooks(recorder, config.rootpath), "strikeplate-hooks"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_bdd_apply_tag(tag: str, function: object) -> bool:
    """Carry tags as values: whether they are known is the catalogue's affair."""
    pytest.mark.tag(tag)(function)
    return True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each scenario once per target it concerns."""
    collecting.parametrise(metafunc, metafunc.config.stash[RECORDER].run_config)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Close pytest's own output with the headline."""
    recorder = terminalreporter.config.stash[RECORDER]
    for fault in recorder.faults:
        terminalreporter.write_line(f"harness fault: {fault}", red=True)
    last = recorder.obstacle or recorder.summary().headline
    terminalreporter.write_line(last, bold=True)


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """Return what this run is held against."""
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
    """Return the vendor that this scenario speaks of unless a step names another."""
    scenario_run: ScenarioRun = request.node.stash[SCENARIO_RUN]
    return pytestconfig.stash[RECORDER].run_config.vendor(scenario_run.blank.area)


@pytest.fixture
def redact(request: pytest.FixtureRequest) -> Redact:
    """Return what blanks this scenario's secrets."""
    scenario_run: ScenarioRun = request.node.stash[SCENARIO_RUN]
    return scenario_run.redact


@pytest.fixture
def transcript(request: pytest.FixtureRequest) -> Transcript:
    """Return what this scenario's steps write down."""
    scenario_run: ScenarioRun = request.node.stash[SCENARIO_RUN]
    return scenario_run.transcript


@pytest.fixture(autouse=True)
def _held_against(target: Target) -> Target:
    """Make every scenario ask for its target, so that it is run once for each."""
    return target
