"""Standing keys at the door: a season set once, and windows pushed night by night."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.contracts.integration import IntegrationEnv, frozen_clock, integration_env_at

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2018, 12, 28, 12, tzinfo=BERLIN)
MONDAY = datetime(2019, 1, 7, tzinfo=BERLIN)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SEVEN, TEN = MONDAY + 19 * HOUR, MONDAY + 22 * HOUR


clock = frozen_clock(FRIDAY)
env = integration_env_at("nuki", FRIDAY)


@pytest.fixture
def door(env: IntegrationEnv) -> Any:
    door = env.world.add_door("nuki", timezone="Europe/Berlin")
    env.connect()
    return door


def opening(env: IntegrationEnv, door: Any, pin: str, *at: datetime) -> list[bool]:
    return [env.world.opens(door, pin, each) for each in at]


def limits(env: IntegrationEnv) -> dict[str, Any]:
    """Return what the last order said of the time."""
    rows = env.world.call("GET", "/requests")
    orders = [row["request"] for row in rows if row["method"] in {"PUT", "POST"}]
    allowed = [order for order in orders if order and "allowedWeekDays" in order]
    return {
        name: allowed[-1][name] for name in allowed[-1] if name.startswith("allowed")
    }


def test_season_is_one_key_that_is_set_once(env: IntegrationEnv, door: Any) -> None:
    """Case 1 of the source: Mondays 19:00 to 22:00, five minutes of grace."""
    env.rule(door, recurring="weekly", grace_minutes=5)
    first = datetime(2018, 12, 31, 19, tzinfo=BERLIN)
    last = datetime(2019, 12, 30, 22, tzinfo=BERLIN)
    env.send_event("confirmed", first, last)
    env.advance(minutes=1)
    allowed = limits(env)
    assert (allowed["allowedWeekDays"], allowed["allowedFromTime"]) == (64, 1135)
    assert allowed["allowedUntilTime"] == 1325
    pin = env.pin(env.access())
    for monday in (MONDAY, datetime(2019, 7, 1, tzinfo=BERLIN)):
        start, end = monday + 19 * HOUR, monday + 22 * HOUR
        inside = (start - 5 * MINUTE, start, end, end + 5 * MINUTE)
        outside = (start - 6 * MINUTE, end + 6 * MINUTE, start + DAY, start - DAY)
        assert opening(env, door, pin, *inside) == [True] * 4
        assert opening(env, door, pin, *outside) == [False] * 4
    orders = env.world.call("GET", "/requests")
    assert len([row for row in orders if row["method"] == "PUT"]) == 1


@pytest.mark.parametrize(
    ("form", "allowed"),
    [
        (
            "day",
            {
                "allowedFromDate": "2019-01-07T00:00:00Z",
                "allowedUntilDate": "2019-01-07T23:59:00Z",
                "allowedWeekDays": 64,
                "allowedFromTime": 1135,
                "allowedUntilTime": 1325,
            },
        ),
        (
            "instants",
            {
                "allowedFromDate": "2019-01-07T17:55:00Z",
                "allowedUntilDate": "2019-01-07T21:05:00Z",
                "allowedWeekDays": 127,
                "allowedFromTime": 0,
                "allowedUntilTime": 0,
            },
        ),
    ],
)
def test_booking_is_pushed_onto_the_customers_key_in_the_night_before(
    env: IntegrationEnv, door: Any, form: str, allowed: dict[str, Any]
) -> None:
    """Case 2 of the source, in both of its forms."""
    env.rule(door, recurring=form, grace_minutes=5)
    env.send_event("confirmed", SEVEN, TEN)
    env.advance_to(MONDAY - 3 * HOUR)
    assert env.access().status == "in progress"
    assert env.codes_at_door() == []
    env.advance_to(MONDAY)
    assert limits(env) == allowed
    pin = env.pin(env.access())
    grace = 5 * MINUTE
    assert opening(env, door, pin, SEVEN - grace, TEN + grace) == [True, True]
    shut = (SEVEN - 6 * MINUTE, TEN + 6 * MINUTE, SEVEN + DAY)
    assert opening(env, door, pin, *shut) == [False] * 3


@pytest.mark.parametrize("form", ["day", "instants"])
def test_returning_customer_keeps_the_one_key(
    env: IntegrationEnv, door: Any, form: str
) -> None:
    env.rule(door, recurring=form)
    for number in range(3):
        at = number * DAY
        env.send_event("confirmed", SEVEN + at, TEN + at, f"B-{number}")
    pins = set()
    for number in range(3):
        env.advance_to(SEVEN + number * DAY)
        pin = env.pin(env.access(f"B-{number}"))
        assert env.world.enter(door, pin)
        pins.add(pin)
        assert env.codes_at_door() == [pin]
    assert len(pins) == 1


def test_second_booking_of_a_day_has_a_code_of_its_own(
    env: IntegrationEnv, door: Any
) -> None:
    env.rule(door, recurring="day")
    env.send_event("confirmed", SEVEN, TEN, "B-1")
    env.send_event("confirmed", SEVEN - 9 * HOUR, SEVEN - 8 * HOUR, "B-2")
    env.advance_to(MONDAY)
    key, own = (env.access(each) for each in ("B-1", "B-2"))
    assert env.pin(key) != env.pin(own)
    assert "its own" in (own.notice or "")
    assert opening(env, door, env.pin(key), SEVEN) == [True]
    assert opening(env, door, env.pin(own), SEVEN - 9 * HOUR) == [True]


def test_customers_never_share_a_key(env: IntegrationEnv, door: Any) -> None:
    env.rule(door, recurring="day")
    env.send_event("confirmed", SEVEN - 9 * HOUR, SEVEN - 8 * HOUR, "B-1")
    env.send_event("confirmed", SEVEN, TEN, "B-2", email="bob@example.org")
    env.advance_to(MONDAY)
    assert env.pin(env.access("B-1")) != env.pin(env.access("B-2"))
    assert len(env.codes_at_door()) == 2


def test_cancelled_booking_leaves_the_key_dead_until_the_next_one(
    env: IntegrationEnv, door: Any
) -> None:
    env.rule(door, recurring="day")
    env.send_event("confirmed", SEVEN, TEN, "B-1")
    env.send_event("confirmed", SEVEN + DAY, TEN + DAY, "B-2")
    env.advance_to(MONDAY + HOUR)
    pin = env.pin(env.access("B-1"))
    env.send_event("cancelled", SEVEN, TEN, "B-1")
    env.advance(minutes=5)
    assert env.codes_at_door() == []
    env.advance_to(SEVEN + DAY)
    assert env.pin(env.access("B-2")) == pin
    assert env.world.enter(door, pin)


def test_moved_booking_is_pushed_for_its_new_day_alone(
    env: IntegrationEnv, door: Any
) -> None:
    env.rule(door, recurring="day")
    env.send_event("confirmed", SEVEN, TEN)
    env.advance_to(MONDAY + HOUR)
    pin = env.pin(env.access())
    env.send_event("changed", SEVEN + HOUR, TEN)
    env.advance(minutes=5)
    assert opening(env, door, pin, SEVEN, SEVEN + HOUR) == [False, True]
    env.send_event("changed", SEVEN + 3 * DAY, TEN + 3 * DAY)
    env.advance(minutes=5)
    assert env.codes_at_door() == []
    env.advance_to(SEVEN + 3 * DAY)
    assert env.pin(env.access()) == pin
    assert env.world.enter(door, pin)


def test_grace_without_a_key_is_refused(env: IntegrationEnv, door: Any) -> None:
    lock = env.locks[door["vendor_id"]]["id"]
    body = {"resource": "room", "locks": [lock], "grace_minutes": 5}
    answer = env.api("POST", f"{env.path}/rules", status=422, **body)
    assert "recurring keys" in answer["detail"]


SEPTEMBER = datetime(2026, 9, 1, 19, tzinfo=BERLIN)
"""A Tuesday."""

CHRISTMAS = datetime(2026, 12, 20, 22, tzinfo=BERLIN)
"""A Sunday."""

THREE_DAYS = ["Mon", "wednesday", "FRIDAY"]


def test_season_of_three_weekdays_is_one_key(env: IntegrationEnv, door: Any) -> None:
    env.rule(door, recurring="weekly", grace_minutes=5)
    env.send_event("confirmed", SEPTEMBER, CHRISTMAS, weekdays=THREE_DAYS)
    env.advance(minutes=1)
    assert limits(env) == {
        "allowedFromDate": "2026-09-01T16:55:00Z",
        "allowedUntilDate": "2026-12-20T21:05:00Z",
        "allowedWeekDays": 84,
        "allowedFromTime": 1135,
        "allowedUntilTime": 1325,
    }
    pin = env.pin(env.access())
    monday = datetime(2026, 11, 2, tzinfo=BERLIN)
    evenings = [monday + n * DAY + 20 * HOUR for n in range(7)]
    good = [True, False, True, False, True, False, False]
    assert opening(env, door, pin, *evenings) == good
    around = (datetime(2026, 8, 31, 20, tzinfo=BERLIN), CHRISTMAS + 22 * HOUR)
    assert opening(env, door, pin, *around) == [False, False]
    view = env.api("GET", f"{env.path}/bookings/B-1/customer")
    assert view["weekdays"] == ["Monday", "Wednesday", "Friday"]
    (mail,) = env.outbox.mails.values()
    assert "Monday, Wednesday, Friday, from 19:00 to 22:00" in mail.body


def test_season_opens_on_its_days_also_where_its_rule_names_no_season(
    env: IntegrationEnv, door: Any
) -> None:
    env.rule(door)
    env.send_event("confirmed", SEPTEMBER, CHRISTMAS, weekdays=THREE_DAYS)
    env.advance(minutes=1)
    monday = datetime(2026, 11, 2, 20, tzinfo=BERLIN)
    pin = env.pin(env.access())
    assert opening(env, door, pin, monday, monday + DAY) == [True, False]
    assert opening(env, door, pin, monday + 3 * HOUR) == [False]


def test_weekdays_that_change_move_the_one_key_and_are_told(
    env: IntegrationEnv, door: Any
) -> None:
    env.rule(door, recurring="weekly")
    env.send_event("confirmed", SEPTEMBER, CHRISTMAS, weekdays=THREE_DAYS)
    env.advance(minutes=1)
    pin = env.pin(env.access())
    env.send_event("changed", SEPTEMBER, CHRISTMAS, weekdays=["tue"])
    env.advance(minutes=5)
    assert env.codes_at_door() == [pin]
    monday = datetime(2026, 11, 2, 20, tzinfo=BERLIN)
    assert opening(env, door, pin, monday, monday + DAY) == [False, True]
    told = ["Tuesday, from" in mail.body for mail in env.outbox.mails.values()]
    assert told == [False, True]


def test_season_far_east_opens_on_no_day_before_its_first(
    env: IntegrationEnv,
) -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    door = env.world.add_door("nuki", timezone="Pacific/Auckland")
    env.connect("Pacific/Auckland")
    env.rule(door, recurring="weekly")
    first = datetime(2026, 11, 2, 7, tzinfo=auckland)
    last = datetime(2026, 11, 20, 22, tzinfo=auckland)
    env.send_event("confirmed", first, last, weekdays=["mon", "fri", "sat", "sun"])
    env.advance(minutes=1)
    pin = env.pin(env.access())
    days = (first - DAY + HOUR, first + HOUR, last - HOUR, last + 10 * HOUR)
    assert opening(env, door, pin, *days) == [False, True, True, False]


@pytest.mark.parametrize(
    ("first", "last", "days", "fix"),
    [
        (SEPTEMBER, CHRISTMAS, ["someday"], "it is no weekday"),
        (SEPTEMBER, SEPTEMBER + 2 * DAY + HOUR, ["sat"], "correct the days"),
        (SEPTEMBER, CHRISTMAS - 6 * HOUR, ["mon"], "last day with the time of closing"),
    ],
)
def test_season_whose_days_and_times_disagree_is_refused_with_the_fix(  # noqa: PLR0913, PLR0917 (a table)
    env: IntegrationEnv,
    door: Any,
    first: datetime,
    last: datetime,
    days: list[str],
    fix: str,
) -> None:
    env.rule(door, recurring="weekly")
    status = 400 if days == ["someday"] else 422
    answer = env.send_event("confirmed", first, last, weekdays=days, status=status)
    assert fix in str(answer)
    assert env.accesses() == []


def test_season_that_says_no_weekdays_is_never_turned_into_some(
    env: IntegrationEnv, door: Any
) -> None:
    env.rule(door, recurring="weekly")
    env.send_event("confirmed", SEPTEMBER, CHRISTMAS)
    env.advance(minutes=1)
    access = env.access()
    assert access.status == "failed"
    assert "from a Tuesday to a Sunday: send the booking's weekdays" in access.reason
    assert env.codes_at_door() == []


def test_key_that_waits_for_its_night_says_when(env: IntegrationEnv, door: Any) -> None:
    env.rule(door, recurring="day")
    env.send_event("confirmed", SEVEN, TEN)
    env.advance(hours=2)
    (shown,) = env.api("GET", f"{env.path}/bookings/B-1")["accesses"]
    assert shown["status"] == "in progress"
    assert "2019-01-06 22:00" in shown["reason"]
    assert shown["next_try_at"] == "2019-01-06T21:00:00Z"
    assert not env.outbox.mails


def test_guests_of_one_placeholder_address_have_keys_of_their_own(
    env: IntegrationEnv, door: Any
) -> None:
    env.rule(door, recurring="day")
    for number in range(2):
        at = number * 4 * HOUR
        times = SEVEN - at, TEN - at
        env.send_event("confirmed", *times, f"B-{number}", customer=f"guest-{number}")
    env.advance_to(MONDAY)
    one, two = (env.pin(env.access(f"B-{number}")) for number in range(2))
    assert one != two
    assert opening(env, door, one, SEVEN, SEVEN - 4 * HOUR) == [True, False]
    assert opening(env, door, two, SEVEN, SEVEN - 4 * HOUR) == [False, True]


def test_code_that_leaked_is_replaced_and_its_neighbours_is_not(
    env: IntegrationEnv, door: Any
) -> None:
    env.rule(door)
    for ref in ("B-1", "B-2"):
        env.send_event("confirmed", SEVEN, TEN, ref, email=f"{ref}@example.org")
    env.advance(minutes=1)
    old, other = env.pin(env.access("B-1")), env.pin(env.access("B-2"))
    env.api("POST", f"/api/accesses/{env.access('B-1').id}/reissue")
    env.advance(minutes=5)
    new = env.pin(env.access("B-1"))
    pins = (old, new, other)
    assert [env.world.opens(door, pin, SEVEN) for pin in pins] == [False, True, True]


def test_wait_asked_for_by_a_date_beyond_the_start_is_overruled(
    env: IntegrationEnv, door: Any
) -> None:
    env.rule(door)
    headers = {"Retry-After": "Sun, 06 Jan 2019 12:00:00 GMT"}
    env.add_fault("PUT", "*", effect={"status": 429, "headers": headers}, times=1)
    start = FRIDAY + 3 * HOUR
    env.send_event("confirmed", start, start + 2 * HOUR)
    env.advance_to(start)
    assert env.world.opens(door, env.pin(env.access()), start)
