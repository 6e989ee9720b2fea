"""Whose time with a key matters is found without those whose time is over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.domain.keys import HoldPeriod
from service.store import accesses
from service.store.keys import hold_periods_from, last_hold_period
from tests.service.env import THREE

if TYPE_CHECKING:
    from datetime import datetime

    from service.store.database import Tx
    from tests.service.env import ServiceEnv

HOUR = timedelta(hours=1)
BOOKED = range(6)
CANCELLED = (1, 4)


@pytest.fixture
def lock(env_on_each_database: ServiceEnv) -> str:
    """Return a lock that was booked each other hour; some bookings are cancelled."""
    env = env_on_each_database
    env.rule()
    for number in BOOKED:
        start = THREE + number * 2 * HOUR
        env.send_event("confirmed", f"B-{number}", start=start, end=start + HOUR)
    env.work()
    for number in CANCELLED:
        start = THREE + number * 2 * HOUR
        env.send_event("cancelled", f"B-{number}", start=start, end=start + HOUR)
    env.work()
    return env.locks["front"].id


@pytest.mark.parametrize("hours", range(13))
def test_it_is_the_same_as_looking_at_all(
    env_on_each_database: ServiceEnv, lock: str, hours: int
) -> None:
    at = THREE + hours * HOUR
    store = env_on_each_database.service.deps.store
    known = store.read(lambda tx: _all(tx, lock))
    found = store.read(lambda tx: hold_periods_from(tx, lock, at))
    last = store.read(lambda tx: last_hold_period(tx, lock, at))
    assert len(known) == len(BOOKED)
    assert {period for period in found if period.end > at} == {
        period for period in known if period.end > at
    }
    assert [period.end for period in last] == _latest(known, at)


def _all(tx: Tx, lock: str) -> list[HoldPeriod]:
    return [
        HoldPeriod(each.id, each.valid_from, each.ends_at)
        for each in accesses.of_lock(tx, lock)
        if each.created_at and each.valid_from and each.ends_at
    ]


def _latest(known: list[HoldPeriod], at: datetime) -> list[datetime]:
    ends = [period.end for period in known if period.end <= at]
    return [max(ends)] if ends else []
