"""What changes at the lock and at Nuki is seen within the hour, and told once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.nuki import helpers
from tests.contracts.nuki.helpers import HOUR, patch

if TYPE_CHECKING:
    from tests.contracts.integration import IntegrationEnv

OWNER = "owner@example.org"
START, END = helpers.START + 72 * HOUR, helpers.END + 72 * HOUR
A_DAY_BEFORE = 80
"""After so many hours less than a day is left, and a lock is looked at hourly."""

SYNC = 25
"""After so many hours the lock has told Nuki's server what an app has changed."""


@pytest.fixture
def booked(env: IntegrationEnv, door: Any) -> str:
    """Return the code of a booking in four days."""
    env.api("PATCH", env.path, owner_email=OWNER)
    env.receives_webhooks = False
    env.send_event("confirmed", START, END)
    env.advance(minutes=2)
    del door
    return env.pin(env.access())


def notices(env: IntegrationEnv) -> list[str]:
    """Return what the owner was told."""
    mails = env.outbox.mails.values()
    return [f"{mail.subject} {mail.body}" for mail in mails if mail.to == OWNER]


def rule_says(env: IntegrationEnv, **what: Any) -> None:
    (rule,) = env.api("GET", f"{env.path}/rules")["items"]
    env.api("PATCH", f"/api/rules/{rule['id']}", **what)


def test_code_that_was_taken_away_is_removed_by_the_system(
    env: IntegrationEnv, door: Any, booked: str
) -> None:
    patch(env, door, app_removes=booked)
    env.advance(hours=2 * SYNC)
    access = env.access()
    assert (access.status, str(access.reason)[:13]) == ("removed", "by the system")
    assert env.codes_at_door() == []
    assert "took the code away" in notices(env)[0]


def test_code_that_was_taken_away_is_made_anew_where_the_rule_says_so(
    env: IntegrationEnv, door: Any, booked: str
) -> None:
    rule_says(env, remake_codes=True)
    env.advance(minutes=1)
    patch(env, door, app_removes=booked)
    env.advance(hours=2 * SYNC)
    access = env.access()
    assert access.status == "created"
    pin = env.pin(access)
    assert env.world.opens(door, pin, START)
    assert env.codes_at_door() == [pin]
    guests = [mail.body for mail in env.outbox.mails.values() if mail.to != OWNER]
    assert len(guests) == 2
    assert pin in guests[1]
    assert notices(env) == []


def test_code_made_anew_is_made_once_for_each_time_it_was_taken(
    env: IntegrationEnv, door: Any, booked: str
) -> None:
    rule_says(env, remake_codes=True)
    for _ in range(2):
        patch(env, door, app_removes=env.codes_at_door()[0])
        env.advance(hours=2 * SYNC)
    assert len(env.codes_at_door()) == 1
    assert [each.status for each in env.accesses()] == ["removed", "removed", "created"]
    del booked


def test_token_that_is_revoked_is_told_within_the_hour(
    env: IntegrationEnv, door: Any, booked: str
) -> None:
    env.advance(hours=A_DAY_BEFORE)
    for method in ("GET", "POST", "PUT"):
        env.add_fault(method, "*", effect={"status": 401, "body": {}})
    env.advance(hours=1)
    assert "refuses the credentials" in notices(env)[0]
    assert env.api("GET", env.path)["refused_at"] is not None
    env.advance(hours=10)
    assert len(notices(env)) == 1
    del door, booked


def test_battery_that_is_nearly_empty_is_told_once(
    env: IntegrationEnv, door: Any, booked: str
) -> None:
    env.advance(hours=A_DAY_BEFORE)
    patch(env, door, battery=4)
    env.advance(hours=1, minutes=5)
    assert "battery is nearly empty" in notices(env)[0]
    env.advance(hours=6)
    assert len(notices(env)) == 1
    del booked


def test_keypad_that_is_unpaired_is_told_within_the_hour(
    env: IntegrationEnv, door: Any, booked: str
) -> None:
    env.advance(hours=A_DAY_BEFORE)
    patch(env, door, keypad=False)
    env.advance(hours=1, minutes=5)
    assert any("no keypad is paired" in each for each in notices(env))
    del booked


def test_code_that_is_nobodys_is_told_and_the_guests_is_not(
    env: IntegrationEnv, door: Any, booked: str
) -> None:
    patch(env, door, app_adds={"code": "987654"})
    env.advance(hours=2 * SYNC)
    assert sum("no booking's" in each for each in notices(env)) == 1
    assert env.access().status == "created"
    assert env.world.opens(door, booked, START)


def test_codes_that_were_there_before_are_the_owners_own(
    env: IntegrationEnv, door: Any
) -> None:
    patch(env, door, app_adds={"code": "987654"})
    env.api("PATCH", env.path, owner_email=OWNER)
    env.advance(hours=SYNC)
    env.send_event("confirmed", START, END)
    env.advance(hours=2 * SYNC)
    assert env.access().status == "created"
    assert notices(env) == []


def test_full_keypad_is_told(env: IntegrationEnv, door: Any, booked: str) -> None:
    for number in range(99):
        digits = f"9{number // 81 + 3}{number // 9 % 9 + 1}{number % 9 + 1}77"
        patch(env, door, app_adds={"code": digits})
    env.advance(hours=2 * SYNC)
    assert any("room for" in each for each in notices(env))
    del booked


def test_corrected_zone_moves_the_hours_of_a_season(
    env: IntegrationEnv, door: Any
) -> None:
    rule_says(env, recurring="weekly")
    env.send_event("confirmed", START, END + 7 * 24 * HOUR)
    env.advance(minutes=2)
    pin = env.pin(env.access())
    patch(env, door, timezone="Europe/Lisbon")
    env.advance(hours=SYNC)
    assert env.pin(env.access()) == pin
    before = [
        env.world.opens(door, pin, START - HOUR / 2),
        env.world.opens(door, pin, START),
    ]
    assert before == [False, True]


def test_connection_that_is_switched_off_says_what_it_leaves(
    env: IntegrationEnv, door: Any, booked: str
) -> None:
    assert env.api("GET", env.path)["notice"] is None
    off = env.api("PATCH", env.path, active=False)
    until = f"{END:%Y-%m-%d %H:%M}"
    assert off["notice"].startswith("1 codes go on opening doors, the last one until")
    assert until in off["notice"]
    assert env.world.opens(door, booked, START)
    assert env.api("PATCH", env.path, active=True)["notice"] is None
