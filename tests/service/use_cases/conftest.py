"""Time stands still in these tests, and is moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest
from freezegun import freeze_time

from tests.service.env import ServiceEnv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MORNING = "2026-12-01T08:00:00Z"


class Clock(Protocol):
    """The system's clock, standing still."""

    def move_to(self, target: datetime | str) -> None:
        """Make it that time."""
        ...


@pytest.fixture(scope="module")
def _still() -> Iterator[Clock]:
    with freeze_time(MORNING) as clock:
        yield clock


@pytest.fixture
def clock(_still: Clock) -> Clock:
    _still.move_to(MORNING)
    return _still


@pytest.fixture
def env(clock: Clock, sqlite_url: str) -> Iterator[ServiceEnv]:
    del clock
    env = ServiceEnv(sqlite_url)
    yield env
    env.close()


@pytest.fixture
def env_on_each_database(clock: Clock, database_url: str) -> Iterator[ServiceEnv]:
    del clock
    env = ServiceEnv(database_url)
    yield env
    env.close()
