"""What can go wrong with a key in the night before, and the nights that are longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.contracts.integration import IntegrationEnv, frozen_clock, integration_env_at
from tests.contracts.nuki.helpers import patch

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2019, 1, 4, 12, tzinfo=BERLIN)
MONDAY = datetime(2019, 1, 7, tzinfo=BERLIN)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SEVEN, TEN = MONDAY + 19 * HOUR, MONDAY + 22 * HOUR


clock = frozen_clock(FRIDAY)
env = integration_env_at("nuki", FRIDAY)


def add_door(env: IntegrationEnv, form: str, grace: int = 0) -> Any:
    """Hang a door whose customers have keys of that form."""
    door = env.world.add_door("nuki", timezone="Europe/Berlin")
    env.connect()
    env.rule(door, recurring=form, grace_minutes=grace)
    return door


@pytest.mark.parametrize("form", ["day", "instants"])
@pytest.mark.parametrize("habit", ["queue", "drop"])
def test_push_that_meets_an_offline_lock_arrives_when_it_is_back(
    env: IntegrationEnv, form: str, habit: str
) -> None:
    door = add_door(env, form)
    env.send_event("confirmed", SEVEN - DAY, TEN - DAY, "B-0")
    env.send_event("confirmed", SEVEN, TEN)
    env.advance_to(SEVEN - DAY)
    pin = env.pin(env.access("B-0"))
    env.advance_to(TEN - DAY - MINUTE)
    env.world.call("PATCH", "/quirks", nuki={"offline": habit})
    patch(env, door, online=False)
    env.advance_to(MONDAY + 12 * HOUR)
    assert env.access().status == "in progress"
    assert "on its way" in (env.access().reason or "")
    assert len(env.outbox.mails) == 1
    patch(env, door, online=True)
    env.advance(minutes=25)
    assert env.access().status == "created"
    assert env.pin(env.access()) == pin
    assert len(env.outbox.mails) == 2
    env.advance_to(SEVEN)
    assert env.world.enter(door, pin)


def test_push_that_never_arrives_fails_and_the_next_one_works(
    env: IntegrationEnv,
) -> None:
    door = add_door(env, "day")
    for number in range(2):
        at = number * DAY
        env.send_event("confirmed", SEVEN + at, TEN + at, f"B-{number}")
    patch(env, door, online=False)
    env.advance_to(TEN + MINUTE)
    missed = env.access("B-0")
    assert missed.status == "failed"
    assert "no time is left" in (missed.reason or "")
    patch(env, door, online=True)
    env.advance_to(SEVEN + DAY)
    pin = env.pin(env.access("B-1"))
    assert env.codes_at_door() == [pin]
    assert env.world.enter(door, pin)


def test_key_that_an_app_has_replaced_gets_another_pin(env: IntegrationEnv) -> None:
    door = add_door(env, "day")
    for number in range(2):
        at = number * DAY
        env.send_event("confirmed", SEVEN + at, TEN + at, f"B-{number}")
    env.advance_to(SEVEN)
    pin = env.pin(env.access("B-0"))
    patch(env, door, app_removes=pin)
    patch(env, door, app_adds={"code": pin, "name": "cleaner"})
    env.advance_to(SEVEN + DAY)
    key = env.access("B-1")
    assert key.status == "created", key.reason
    assert env.pin(key) != pin
    assert env.world.enter(door, env.pin(key))


@pytest.mark.parametrize("form", ["day", "instants"])
@pytest.mark.parametrize(
    "day",
    [datetime(2019, 3, 31, tzinfo=BERLIN), datetime(2019, 10, 27, tzinfo=BERLIN)],
    ids=["an hour less", "an hour twice"],
)
@pytest.mark.parametrize(("first", "hours"), [(0.5, 3), (2.5, 1), (19, 3)])
def test_window_of_a_day_on_which_the_clocks_change_is_exactly_the_booking(
    env: IntegrationEnv, form: str, day: datetime, first: float, hours: int
) -> None:
    door = add_door(env, form, grace=5)
    start = day.astimezone(UTC) + timedelta(hours=first)  # hours that really pass
    end = start + timedelta(hours=hours)
    env.clock.move_to(day - 2 * DAY)
    env.world.set_time(day - 2 * DAY)
    env.send_event("confirmed", start, end)
    env.advance_to(day - 3 * HOUR)
    assert env.codes_at_door() == []
    env.advance_to(day - HOUR)
    pin = env.pin(env.access())
    grace = 5 * MINUTE
    steps = range(-70, 60 * hours + 71, 5)
    opened = [
        start + n * MINUTE
        for n in steps
        if env.world.opens(door, pin, start + n * MINUTE)
    ]
    assert (opened[0], opened[-1]) == (start - grace, end + grace)
    assert len(opened) == (60 * hours + 10) // 5 + 1


@pytest.mark.parametrize("month", [3, 10])
def test_season_goes_by_the_wall_when_the_clocks_change(
    env: IntegrationEnv, month: int
) -> None:
    door = add_door(env, "weekly", grace=5)
    first = datetime(2019, 1, 6, 19, tzinfo=BERLIN)
    last = datetime(2019, 12, 29, 22, tzinfo=BERLIN)
    env.send_event("confirmed", first, last)
    env.advance(minutes=1)
    pin = env.pin(env.access())
    change = {3: 31, 10: 27}[month]
    for days in (-7, 0, 7):
        sunday = datetime(2019, month, change, 19, tzinfo=BERLIN) + days * DAY
        moments = (-6, -5, 0, 185, 186)
        opened = [env.world.opens(door, pin, sunday + n * MINUTE) for n in moments]
        assert opened == [False, True, True, True, False]
