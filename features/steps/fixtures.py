"""What steps are given: the subject of the session, and the scene of a scenario."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest

from strikeplate import dialect, suite
from strikeplate import subject as subjects
from strikeplate import vendor as vendors
from strikeplate.ground import Stage
from strikeplate.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strikeplate.profile import Profile
    from strikeplate.redact import Redact
    from strikeplate.subject import Subject
    from strikeplate.target import Target
    from strikeplate.transcript import Transcript

NUMBERS = count(1)


@pytest.fixture(scope="session")
def subject(target: Target, profile: Profile) -> Iterator[Subject | None]:
    """Return the integration under judgement, running; none for a vendor's server."""
    if target.role == "vendor":
        yield None
        return
    started = subjects.start(target, profile)
    yield started
    started.close()


@pytest.fixture(scope="session")
def stage(
    target: Target, profile: Profile, subject: Subject | None, seed: int
) -> Iterator[Stage]:
    """Return what all scenarios against one target share."""
    dialects = dialect.read(suite.FEATURES)
    if subject is not None:
        yield Stage(subject.fakes, subject, profile, dialects, str(seed))
        return
    with vendors.start(target, dialects) as fakes:
        yield Stage(fakes, None, profile, dialects, str(seed))


@pytest.fixture
def scene(
    request: pytest.FixtureRequest,
    stage: Stage,
    vendor: str,
    transcript: Transcript,
    redact: Redact,
) -> Iterator[Scene]:
    """Return the scene of one scenario, and end it afterwards.

    Chance is seeded by the scenario's own name, so that the order plays no part.
    """
    own = replace(stage, seed=f"{stage.seed}-{request.node.name}", vendor=vendor)
    played = Scene(own, f"s{next(NUMBERS)}", transcript, redact)
    yield played
    played.close()
