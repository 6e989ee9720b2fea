"""What limits mean at the door, by the source's own examples and by each switch."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.vendors.nuki.account import SOON, Account

REHEARSAL = {
    "allowedFromDate": "2019-01-01T00:00Z",
    "allowedUntilDate": "2019-12-31T23:59Z",
    "allowedWeekDays": 64,
    "allowedFromTime": 1135,
    "allowedUntilTime": 1325,
}
BY_DAY_AND_MINUTES = REHEARSAL | {
    "allowedFromDate": "2019-01-07T00:00Z",
    "allowedUntilDate": "2019-01-07T23:59Z",
}
BY_INSTANTS = {
    "allowedFromDate": "2019-01-08T09:55Z",
    "allowedUntilDate": "2019-01-08T11:05Z",
}
WEEKDAY = "2026-12-02T12:00:00+01:00"


@pytest.fixture
def account(app: Any) -> Account:
    """Return an account in the year of the source's examples."""
    return Account(app, now="2018-12-01T12:00:00+01:00")


def at_the_door(account: Account, limits: dict[str, Any], *moments: str) -> list[str]:
    """Put a code onto a fresh lock in Berlin and try it at some moments."""
    door = account.add_door()
    account.store(door, **limits)
    return [account.probe(door, at=moment) for moment in moments]


@pytest.mark.parametrize(
    "monday", ["2019-01-07T{}+01:00", "2019-07-08T{}+02:00"], ids=["winter", "summer"]
)
def test_the_standing_key_opens_from_1855_to_2205(
    account: Account, monday: str
) -> None:
    times = ("18:54", "18:55", "22:05", "22:06")
    tried = at_the_door(account, REHEARSAL, *(monday.format(time) for time in times))
    assert tried == ["wrong-time", "opened", "opened", "wrong-time"]


def test_the_standing_key_does_not_open_on_a_tuesday(account: Account) -> None:
    tried = at_the_door(account, REHEARSAL, "2019-01-08T20:00+01:00")
    assert tried == ["wrong-day"]


@pytest.mark.parametrize(
    "limits",
    [
        BY_DAY_AND_MINUTES,
        BY_DAY_AND_MINUTES | {"allowedFromDate": "2019-01-07T00:00:00Z"},
        BY_DAY_AND_MINUTES | {"allowedFromDate": "2019-01-07T00:00:00.000Z"},
    ],
)
def test_tomorrows_booking_by_day_and_minutes(
    account: Account, limits: dict[str, Any]
) -> None:
    moments = ("07T18:54", "07T18:55", "07T22:05", "07T22:06", "14T20:00")
    tried = at_the_door(account, limits, *(f"2019-01-{m}+01:00" for m in moments))
    assert tried == ["wrong-time", "opened", "opened", "wrong-time", "over"]


def test_tomorrows_booking_by_exact_instants(account: Account) -> None:
    moments = ("09:54:59", "09:55:00", "11:05:00", "11:05:01")
    tried = at_the_door(account, BY_INSTANTS, *(f"2019-01-08T{m}Z" for m in moments))
    assert tried == ["early", "opened", "opened", "over"]


def test_the_nightly_push_leaves_the_last_booking_behind(account: Account) -> None:
    door = account.add_door()
    row = account.store(door, **BY_DAY_AND_MINUTES)
    account.update(door, row, name="Band", **BY_INSTANTS)
    account.advance(SOON)
    assert account.probe(door, at="2019-01-07T20:00+01:00") == "early"
    assert account.probe(door, at="2019-01-08T10:00Z") == "opened"


def test_dates_come_back_with_milliseconds(account: Account) -> None:
    door = account.add_door()
    row = account.store(door, **BY_INSTANTS)
    assert row["allowedFromDate"] == "2019-01-08T09:55:00.000Z"


def test_a_code_without_limits_opens_at_any_time(account: Account) -> None:
    assert at_the_door(account, {}, WEEKDAY) == ["opened"]


def test_hours_alone_restrict_nothing(account: Account) -> None:
    hours = {"allowedFromTime": 0, "allowedUntilTime": 1, "allowedWeekDays": 64}
    assert at_the_door(account, hours, WEEKDAY) == ["opened"]


def test_an_end_alone_restricts_nothing(account: Account) -> None:
    end = {"allowedUntilDate": "2019-01-01T00:00Z"}
    assert at_the_door(account, end, WEEKDAY) == ["opened"]


def test_without_an_end_a_code_goes_on(account: Account) -> None:
    start = {"allowedFromDate": "2019-01-01T00:00Z"}
    assert at_the_door(account, start, "2099-01-01T00:00Z") == ["opened"]


def test_any_limit_may_count_by_itself(account: Account) -> None:
    account.switch(limited_by="any")
    end = {"allowedUntilDate": "2019-01-01T00:00Z"}
    assert at_the_door(account, end, WEEKDAY) == ["over"]


def test_dates_without_weekdays_may_be_ignored(account: Account) -> None:
    account.switch(limited_by="from-date-and-weekdays")
    assert at_the_door(account, BY_INSTANTS, WEEKDAY) == ["opened"]
    with_days = BY_INSTANTS | {"allowedWeekDays": 127}
    assert at_the_door(account, with_days, WEEKDAY) == ["over"]


FROM = {"allowedFromDate": "2019-01-01T00:00Z"}


@pytest.mark.parametrize(
    ("zero_window", "reason"), [("whole-day", "opened"), ("one-minute", "wrong-time")]
)
def test_a_window_from_0_to_0(account: Account, zero_window: str, reason: str) -> None:
    account.switch(zero_window=zero_window)
    limits = FROM | {"allowedFromTime": 0, "allowedUntilTime": 0}
    assert at_the_door(account, limits, WEEKDAY) == [reason]


@pytest.mark.parametrize(
    ("half_window", "reason"), [("no-limit", "opened"), ("open-ended", "wrong-time")]
)
@pytest.mark.parametrize("side", [{"allowedFromTime": 721}, {"allowedUntilTime": 719}])
def test_a_window_with_one_side(
    account: Account, half_window: str, reason: str, side: dict[str, int]
) -> None:
    account.switch(half_window=half_window)
    assert at_the_door(account, FROM | side, WEEKDAY) == [reason]


@pytest.mark.parametrize(
    ("over_midnight", "reason"), [(True, "opened"), (False, "wrong-time")]
)
def test_a_window_over_midnight(
    account: Account, reason: str, *, over_midnight: bool
) -> None:
    account.switch(over_midnight=over_midnight)
    limits = FROM | {"allowedFromTime": 1320, "allowedUntilTime": 120}
    tried = at_the_door(account, limits, "2026-12-02T01:00+01:00", WEEKDAY)
    assert tried == [reason, "wrong-time"]


def test_the_last_minute_may_be_shut(account: Account) -> None:
    account.switch(last_minute_counts=False)
    moments = ("2019-01-07T22:04:59+01:00", "2019-01-07T22:05+01:00")
    assert at_the_door(account, REHEARSAL, *moments) == ["opened", "wrong-time"]


@pytest.mark.parametrize(
    ("begin", "nights"),
    [("lock", ["opened", "wrong-day"]), ("utc", ["wrong-day", "opened"])],
)
def test_weekdays_begin_at_the_lock_or_in_utc(
    account: Account, begin: str, nights: list[str]
) -> None:
    account.switch(weekdays_begin=begin)
    mondays = {"allowedFromDate": "2018-12-01T00:00Z", "allowedWeekDays": 64}
    early, late = "2019-01-07T00:30:00+01:00", "2019-01-08T00:30:00+01:00"
    assert at_the_door(account, mondays, early, late) == nights
