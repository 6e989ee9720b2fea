"""The pytest plugin: options and fixtures; `bench` holds the hooks that judge.

Fixtures for steps and adapters: `profile`, `seed`, `target` (what this run is held
against), `vendor` (whose locks are meant), `transcript` (what is written down),
`redact` (what must not be read).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from strikeplate import collecting, guards, served, suite
from strikeplate.bench import TRIAL, Bench
from strikeplate.docket import Docket
from strikeplate.setting import Options, settle
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from strikeplate.capability import Refusal
    from strikeplate.profile import Profile
    from strikeplate.redact import Redact
    from strikeplate.target import Target
    from strikeplate.transcript import Transcript
    from strikeplate.trial import Trial

DOCKET = pytest.StashKey[Docket]()


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
        docket = Docket(settle(options))
    except Misuse as mishap:
        raise pytest.UsageError(str(mishap)) from None
    config.stash[DOCKET] = docket
    served.end_in_order()
    patch = pytest.MonkeyPatch()
    guards.quicken(patch)
    config.add_cleanup(patch.undo)
    config.pluginmanager.register(Bench(docket, config.rootpath), "strikeplate-bench")


@pytest.hookimpl(tryfirst=True)
def pytest_bdd_apply_tag(tag: str, function: object) -> bool:
    """Carry tags as values: whether they are known is the register's affair."""
    pytest.mark.tag(tag)(function)
    return True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each scenario once per target it concerns."""
    collecting.parametrise(metafunc, metafunc.config.stash[DOCKET].setting)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Close pytest's own output with the headline."""
    docket = terminalreporter.config.stash[DOCKET]
    for fault in docket.faults:
        terminalreporter.write_line(f"harness fault: {fault}", red=True)
    last = docket.obstacle or docket.outcome().headline
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
    return pytestconfig.stash[DOCKET].setting.profile


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> int:
    """Return the number that seeds every random choice."""
    return pytestconfig.stash[DOCKET].setting.options.seed


@pytest.fixture
def vendor(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> str:
    """Return the vendor that this scenario speaks of unless a step names another."""
    trial: Trial = request.node.stash[TRIAL]
    return pytestconfig.stash[DOCKET].setting.vendor(trial.blank.area)


@pytest.fixture
def redact(request: pytest.FixtureRequest) -> Redact:
    """Return what blanks this scenario's secrets."""
    trial: Trial = request.node.stash[TRIAL]
    return trial.redact


@pytest.fixture
def transcript(request: pytest.FixtureRequest) -> Transcript:
    """Return what this scenario's steps write down."""
    trial: Trial = request.node.stash[TRIAL]
    return trial.transcript


@pytest.fixture(autouse=True)
def _held_against(target: Target) -> Target:
    """Make every scenario ask for its target, so that it is run once for each."""
    return target
