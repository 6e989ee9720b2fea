"""The pytest plugin: options, fixtures and hooks; it decides nothing by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from features.harness import target as targeting
from features.harness.profile import Profile
from features.harness.profile import load
from features.harness.redact import Redact
from features.harness.transcript import Transcript

if TYPE_CHECKING:
    from features.harness.target import Target

PROFILE = pytest.StashKey[Profile]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the options of a judgement."""
    group = parser.getgroup("strikeplate", "judging a subject by the documented rules")
    group.addoption("--profile", default="reference", help="a profile's name or file")
    group.addoption("--subject", action="append", help="inprocess:service, http:URL")
    group.addoption("--vendor", action="append", help="fake, http:URL")
    group.addoption("--seed", type=int, default=7, help="seeds every random choice")
    group.addoption("--results", help="folder to write into")
    group.addoption("--only", action="append", help="judge rules of this id prefix")


def pytest_configure(config: pytest.Config) -> None:
    """Read the profile once."""
    config.addinivalue_line("markers", "tag(name): a tag of the feature file")
    config.stash[PROFILE] = load(config.getoption("profile"), (), ())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each scenario once per target it concerns."""
    if "target" not in metafunc.fixturenames:
        return
    profile = metafunc.config.stash[PROFILE]
    marks = {mark.args[0] for mark in metafunc.definition.iter_markers("tag")}
    found: list[Target] = []
    if "on-service" in marks:
        chosen = metafunc.config.getoption("subject") or profile.subjects
        found += targeting.targets("service", chosen)
    if "on-vendor" in marks:
        chosen = metafunc.config.getoption("vendor") or profile.vendors
        found += targeting.targets("vendor", chosen)
    metafunc.parametrize(
        "target", found, ids=[t.id for t in found], indirect=True, scope="session"
    )


def pytest_bdd_apply_tag(tag: str, function: object) -> bool:
    """Turn a tag into a mark of the same name."""
    pytest.mark.tag(tag)(function)
    return True


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """Return what this run is held against."""
    found: Target = request.param
    return found


@pytest.fixture(autouse=True)
def _judged(target: Target) -> Target:
    return target


@pytest.fixture(scope="session")
def profile(pytestconfig: pytest.Config) -> Profile:
    """Return the profile of this session."""
    return pytestconfig.stash[PROFILE]


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> int:
    """Return the number that seeds every random choice."""
    number: int = pytestconfig.getoption("seed")
    return number


@pytest.fixture
def redact() -> Redact:
    """Return what blanks this scenario's secrets."""
    return Redact()


@pytest.fixture
def transcript() -> Transcript:
    """Return what this scenario's steps write down."""
    return Transcript()
