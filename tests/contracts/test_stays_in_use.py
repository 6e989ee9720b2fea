"""Stays that change while their algoPIN is in use: at each moment a code opens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.contracts.integration import IntegrationEnv, frozen_clock, integration_env_at

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MORNING = datetime(2026, 12, 1, 9, tzinfo=STOCKHOLM)
START = datetime(2026, 12, 1, 15, tzinfo=STOCKHOLM)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
END = START + 20 * HOUR

clock = frozen_clock(MORNING)
env = integration_env_at("igloohome", MORNING)


@pytest.fixture
def door(env: IntegrationEnv) -> Any:
    door = env.world.add_door("igloohome", timezone="Europe/Stockholm")
    env.connect("Europe/Stockholm")
    env.rule(door)
    env.send_event("confirmed", START, END)
    env.advance_to(START + HOUR)
    assert env.world.enter(door, env.pin(env.access()))
    return door


def opens(env: IntegrationEnv, door: Any, at: datetime) -> bool:
    """Tell whether any code that the guest was sent opens the door then."""
    held = [each for each in env.accesses() if each.sealed_pin]
    return any(env.world.opens(door, env.pin(each), at) for each in held)


def use(env: IntegrationEnv, door: Any, at: datetime) -> bool:
    """Let the guest in at that time, by whichever of the codes works."""
    env.advance_to(at)
    held = [each for each in env.accesses() if each.sealed_pin]
    entered = [env.world.enter(door, env.pin(each)) for each in held]
    return any(entered)


def test_stay_that_is_extended_twice_is_never_without_a_code(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("changed", START, END + DAY)
    env.advance_to(START + 3 * HOUR)
    env.send_event("changed", START, END + 3 * DAY)
    env.advance_to(START + 4 * HOUR)
    for at in (END - HOUR, END + HOUR, END + DAY - HOUR, END + DAY + HOUR):
        assert use(env, door, at), at
    assert use(env, door, END + 3 * DAY - HOUR)
    assert not opens(env, door, END + 3 * DAY + HOUR)


def test_stay_that_is_shortened_in_use_goes_on_to_its_new_end(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("changed", START, END - 6 * HOUR)
    env.advance(minutes=2)
    assert use(env, door, END - 7 * HOUR)


def test_stay_that_is_extended_and_cancelled_tells_until_when_its_codes_work(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("changed", START, END + DAY)
    env.advance(minutes=2)
    env.send_event("cancelled", START, END + DAY)
    env.advance(minutes=2)
    until = {each.works_until for each in env.accesses()}
    assert until == {END, END + DAY}
    assert all("cannot be revoked" in str(each.notice) for each in env.accesses())
    del door


def test_booking_said_again_while_the_vendor_is_down_is_told_once(
    env: IntegrationEnv,
) -> None:
    both = [
        env.world.add_door("igloohome", timezone="Europe/Stockholm") for _ in range(2)
    ]
    env.connect("Europe/Stockholm")
    env.rule(*both)
    env.send_event("confirmed", START, END)
    env.advance(minutes=1)
    assert len(env.outbox.mails) == 1
    env.add_fault("POST", "*/algopin/*", effect={"status": 503})
    env.send_event("changed", START, END)
    env.advance(minutes=30)
    assert {each.reason for each in env.accesses()} == {None}  # both have their code
    env.world.call("DELETE", "/faults")
    env.advance(hours=2)
    assert len(env.outbox.mails) == 1
    assert all(opens(env, door, START + HOUR) for door in both)
