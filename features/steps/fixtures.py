"""Fixtures of the steps: the subject of a session, and the context of a scenario."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import pytest

from strikeplate import FEATURES, vocabulary
from strikeplate.context import ScenarioContext
from strikeplate.environment import TargetContext
from strikeplate.subjects import start_subject
from strikeplate.subjects.live_vendor import LiveVendor
from strikeplate.subjects.vendor import start_vendor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strikeplate.allotment import Bound
    from strikeplate.http import Answer
    from strikeplate.profile import Profile
    from strikeplate.subjects import Subject, Target
    from strikeplate.transcript import Redact, Transcript

SCENARIOS, RUNS = 400, 240
"""So many scenarios at most in a run, and so many runs until numbers come again."""

DAYS = 200
"""The days ahead from which a run begins to book, a day for each scenario."""


@pytest.fixture
def vendor_answers() -> list[Answer]:
    """Return the vendor's answers to calls that steps make themselves, oldest first."""
    return []


@pytest.fixture(scope="session")
def subject(target: Target, profile: Profile) -> Iterator[Subject | None]:
    """Return the running subject; None if a vendor's server is judged."""
    if target.role == "vendor":
        yield None
        return
    started = start_subject(target, profile)
    yield started
    started.close()


@pytest.fixture(scope="session")
def target_context(
    target: Target, profile: Profile, subject: Subject | None, seed: int
) -> Iterator[TargetContext]:
    """Return what all scenarios against one target share."""
    vocabularies = vocabulary.read(FEATURES)
    if subject is not None:
        shared = TargetContext(subject.fakes, subject, profile, vocabularies, str(seed))
        yield shared if profile.declared is None else numbered(shared)
        return
    with start_vendor(target, vocabularies, profile.locks) as fakes:
        yield TargetContext(fakes, None, profile, vocabularies, str(seed))


def numbered(shared: TargetContext) -> TargetContext:
    """Return it with numbers and days that no run of the last hour has used.

    An external subject may remember what earlier runs booked, and for whom.
    """
    run = int(datetime.now(UTC).timestamp()) // 20
    numbers, days = count(1 + run % RUNS * SCENARIOS), count(1 + run % DAYS)
    return replace(shared, numbers=numbers, day_offsets=days)


@pytest.fixture
def own(
    request: pytest.FixtureRequest,
    target_context: TargetContext,
    vendor: str,
    bound: Mapping[str, Bound],
    written: tuple[datetime, ...],
) -> TargetContext:
    """Return the context that all share, with what is this scenario's own.

    Chance is seeded by the scenario's own name, so that the order plays no part.
    """
    seed = f"{target_context.seed}-{request.node.name}"
    return replace(
        target_context, seed=seed, vendor=vendor, bound=bound, written=written
    )


@pytest.fixture
def ctx(
    request: pytest.FixtureRequest,
    own: TargetContext,
    transcript: Transcript,
    redact: Redact,
) -> Iterator[ScenarioContext]:
    """Return the context of one scenario, and end it afterwards."""
    played = ScenarioContext(own, f"s{next(own.numbers)}", transcript, redact)
    if isinstance(own.fakes, LiveVendor):
        own.fakes.list_locks = lambda vendor: request.getfixturevalue(vendor).locks()
    yield played
    played.close()
