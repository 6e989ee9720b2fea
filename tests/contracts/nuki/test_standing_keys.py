"""Standing keys at the door: a season set once, and windows pushed night by night."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.contracts.premises import Premises, opened, standing

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2018, 12, 28, 12, tzinfo=BERLIN)
MONDAY = datetime(2019, 1, 7, tzinfo=BERLIN)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SEVEN, TEN = MONDAY + 19 * HOUR, MONDAY + 22 * HOUR


still = standing(FRIDAY)
place = opened("nuki", FRIDAY)


@pytest.fixture
def door(place: Premises) -> Any:
    door = place.site.door("nuki", timezone="Europe/Berlin")
    place.connect()
    return door


def opening(place: Premises, door: Any, pin: str, *at: datetime) -> list[bool]:
    return [place.site.opens(door, pin, each) for each in at]


def limits(place: Premises) -> dict[str, Any]:
    """Return what the last order said of the time."""
    rows = place.site.ask("GET", "/requests")
    orders = [row["request"] for row in rows if row["method"] in {"PUT", "POST"}]
    told = [order for order in orders if order and "allowedWeekDays" in order]
    return {name: told[-1][name] for name in told[-1] if name.startswith("allowed")}


def test_season_is_one_key_that_is_set_once(place: Premises, door: Any) -> None:
    """Case 1 of the source: Mondays 19:00 to 22:00, five minutes of grace."""
    place.rule(door, recurring="weekly", grace_minutes=5)
    first = datetime(2018, 12, 31, 19, tzinfo=BERLIN)
    last = datetime(2019, 12, 30, 22, tzinfo=BERLIN)
    place.tell("confirmed", first, last)
    place.pass_time(minutes=1)
    told = limits(place)
    assert (told["allowedWeekDays"], told["allowedFromTime"]) == (64, 1135)
    assert told["allowedUntilTime"] == 1325
    pin = place.pin(place.access())
    for monday in (MONDAY, datetime(2019, 7, 1, tzinfo=BERLIN)):
        start, end = monday + 19 * HOUR, monday + 22 * HOUR
        inside = (start - 5 * MINUTE, start, end, end + 5 * MINUTE)
        outside = (start - 6 * MINUTE, end + 6 * MINUTE, start + DAY, start - DAY)
        assert opening(place, door, pin, *inside) == [True] * 4
        assert opening(place, door, pin, *outside) == [False] * 4
    orders = place.site.ask("GET", "/requests")
    assert len([row for row in orders if row["method"] == "PUT"]) == 1


@pytest.mark.parametrize(
    ("form", "told"),
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
    place: Premises, door: Any, form: str, told: dict[str, Any]
) -> None:
    """Case 2 of the source, in both of its forms."""
    place.rule(door, recurring=form, grace_minutes=5)
    place.tell("confirmed", SEVEN, TEN)
    place.go_to(MONDAY - 3 * HOUR)
    assert place.access().status == "in progress"
    assert place.at_the_door() == []
    place.go_to(MONDAY)
    assert limits(place) == told
    pin = place.pin(place.access())
    grace = 5 * MINUTE
    assert opening(place, door, pin, SEVEN - grace, TEN + grace) == [True, True]
    shut = (SEVEN - 6 * MINUTE, TEN + 6 * MINUTE, SEVEN + DAY)
    assert opening(place, door, pin, *shut) == [False] * 3


@pytest.mark.parametrize("form", ["day", "instants"])
def test_returning_customer_keeps_the_one_key(
    place: Premises, door: Any, form: str
) -> None:
    place.rule(door, recurring=form)
    for number in range(3):
        at = number * DAY
        place.tell("confirmed", SEVEN + at, TEN + at, f"B-{number}")
    pins = set()
    for number in range(3):
        place.go_to(SEVEN + number * DAY)
        pin = place.pin(place.access(f"B-{number}"))
        assert place.site.enter(door, pin)
        pins.add(pin)
        assert place.at_the_door() == [pin]
    assert len(pins) == 1


def test_second_booking_of_a_day_has_a_code_of_its_own(
    place: Premises, door: Any
) -> None:
    place.rule(door, recurring="day")
    place.tell("confirmed", SEVEN, TEN, "B-1")
    place.tell("confirmed", SEVEN - 9 * HOUR, SEVEN - 8 * HOUR, "B-2")
    place.go_to(MONDAY)
    key, own = (place.access(each) for each in ("B-1", "B-2"))
    assert place.pin(key) != place.pin(own)
    assert "its own" in (own.notice or "")
    assert opening(place, door, place.pin(key), SEVEN) == [True]
    assert opening(place, door, place.pin(own), SEVEN - 9 * HOUR) == [True]


def test_customers_never_share_a_key(place: Premises, door: Any) -> None:
    place.rule(door, recurring="day")
    place.tell("confirmed", SEVEN - 9 * HOUR, SEVEN - 8 * HOUR, "B-1")
    place.tell("confirmed", SEVEN, TEN, "B-2", email="bob@example.org")
    place.go_to(MONDAY)
    assert place.pin(place.access("B-1")) != place.pin(place.access("B-2"))
    assert len(place.at_the_door()) == 2


def test_cancelled_booking_leaves_the_key_dead_until_the_next_one(
    place: Premises, door: Any
) -> None:
    place.rule(door, recurring="day")
    place.tell("confirmed", SEVEN, TEN, "B-1")
    place.tell("confirmed", SEVEN + DAY, TEN + DAY, "B-2")
    place.go_to(MONDAY + HOUR)
    pin = place.pin(place.access("B-1"))
    place.tell("cancelled", SEVEN, TEN, "B-1")
    place.pass_time(minutes=5)
    assert place.at_the_door() == []
    place.go_to(SEVEN + DAY)
    assert place.pin(place.access("B-2")) == pin
    assert place.site.enter(door, pin)


def test_moved_booking_is_pushed_for_its_new_day_alone(
    place: Premises, door: Any
) -> None:
    place.rule(door, recurring="day")
    place.tell("confirmed", SEVEN, TEN)
    place.go_to(MONDAY + HOUR)
    pin = place.pin(place.access())
    place.tell("changed", SEVEN + HOUR, TEN)
    place.pass_time(minutes=5)
    assert opening(place, door, pin, SEVEN, SEVEN + HOUR) == [False, True]
    place.tell("changed", SEVEN + 3 * DAY, TEN + 3 * DAY)
    place.pass_time(minutes=5)
    assert place.at_the_door() == []
    place.go_to(SEVEN + 3 * DAY)
    assert place.pin(place.access()) == pin
    assert place.site.enter(door, pin)


def test_grace_without_a_key_is_refused(place: Premises, door: Any) -> None:
    lock = place.locks[door["vendor_id"]]["id"]
    wish = {"resource": "room", "locks": [lock], "grace_minutes": 5}
    answer = place.api("POST", f"{place.path}/rules", status=422, **wish)
    assert "recurring keys" in answer["detail"]
