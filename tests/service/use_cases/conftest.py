"""Time stands still in these tests, and is moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest
from freezegun import freeze_time

from service.clock import now
from tests.service.env import ServiceEnv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

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


def book(env: ServiceEnv, **about: object) -> None:
    env.send_event("confirmed", **about)
    env.work()


def pass_time(env: ServiceEnv, clock: Clock, span: timedelta) -> None:
    """Let time pass, stopping wherever something is due."""
    target = now() + span
    while (due := env.queue_stats().next_at) is not None and due < target:
        clock.move_to(max(due, now()))
        env.work()
    clock.move_to(target)
    env.work()
