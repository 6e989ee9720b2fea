"""Schedules of stored codes, by the examples that rules NUK-04 to NUK-11 come from.

The dates of the examples are those of the source: 7 January 2019 is a Monday.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fakes.doors.schedule import Edges, Schedule, refusal

BERLIN = "Europe/Berlin"
MON = 64

REHEARSAL = Schedule(
    start=datetime(2019, 1, 1, 0, 0, tzinfo=UTC),
    end=datetime(2019, 12, 31, 23, 59, tzinfo=UTC),
    weekdays=MON,
    from_minute=1135,
    until_minute=1325,
)
BY_DAY_AND_MINUTES = Schedule(
    start=datetime(2019, 1, 7, 0, 0, tzinfo=UTC),
    end=datetime(2019, 1, 7, 23, 59, tzinfo=UTC),
    weekdays=MON,
    from_minute=1135,
    until_minute=1325,
)
BY_INSTANTS = Schedule(
    start=datetime(2019, 1, 8, 9, 55, tzinfo=UTC),
    end=datetime(2019, 1, 8, 11, 5, tzinfo=UTC),
)


def on_the_wall(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def reason_at(
    schedule: Schedule, at: datetime, zone: str = BERLIN, edges: Edges | None = None
) -> str:
    return refusal(schedule, at, zone, edges or Edges()) or "opened"


@pytest.mark.parametrize("day", ["2019-01-07", "2019-07-08"], ids=["winter", "summer"])
@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("18:54:59", "wrong-time"),
        ("18:55:00", "opened"),
        ("22:05:00", "opened"),
        ("22:05:59", "opened"),
        ("22:06:00", "wrong-time"),
    ],
)
def test_fixed_time_holds_from_1855_to_2205_on_mondays(
    day: str, time: str, expected: str
) -> None:
    assert reason_at(REHEARSAL, on_the_wall(f"{day}T{time}")) == expected


@pytest.mark.parametrize("day", ["2019-01-08", "2019-07-09"])
def test_fixed_time_does_not_hold_on_a_tuesday(day: str) -> None:
    assert reason_at(REHEARSAL, on_the_wall(f"{day}T20:00")) == "wrong-day"


def test_fixed_time_holds_from_the_first_day_to_the_last() -> None:
    last_monday_before = on_the_wall("2018-12-31T20:00")
    first_monday_after = on_the_wall("2020-01-06T20:00")
    assert reason_at(REHEARSAL, last_monday_before) == "early"
    assert reason_at(REHEARSAL, on_the_wall("2019-12-30T20:00")) == "opened"
    assert reason_at(REHEARSAL, first_monday_after) == "over"


@pytest.mark.parametrize(
    ("time", "expected"),
    [("18:54", "wrong-time"), ("18:55", "opened"), ("22:05", "opened")],
)
def test_a_push_by_day_and_minutes_holds_by_the_wall(time: str, expected: str) -> None:
    assert reason_at(BY_DAY_AND_MINUTES, on_the_wall(f"2019-01-07T{time}")) == expected
    assert reason_at(BY_DAY_AND_MINUTES, on_the_wall(f"2019-01-14T{time}")) == "over"


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("09:54:59", "early"),
        ("09:55:00", "opened"),
        ("11:05:00", "opened"),
        ("11:05:01", "over"),
    ],
)
@pytest.mark.parametrize("zone", [BERLIN, "UTC", "Asia/Kathmandu"])
def test_a_push_by_instants_holds_in_utc_wherever_the_door_is(
    time: str, expected: str, zone: str
) -> None:
    at = datetime.fromisoformat(f"2019-01-08T{time}+00:00")
    assert reason_at(BY_INSTANTS, at, zone) == expected


def test_84_is_monday_wednesday_and_friday() -> None:
    monday = on_the_wall("2019-01-07T12:00")
    week = [
        reason_at(Schedule(weekdays=84), monday + timedelta(days=n)) for n in range(7)
    ]
    no = "wrong-day"
    assert week == ["opened", no, "opened", no, "opened", no, no]


@pytest.mark.parametrize("day", range(7))
def test_each_bit_is_one_day(day: int) -> None:
    bit = (64, 32, 16, 8, 4, 2, 1)[day]
    monday = on_the_wall("2019-01-07T12:00")
    open_days = [
        n
        for n in range(7)
        if reason_at(Schedule(weekdays=bit), monday + timedelta(days=n)) == "opened"
    ]
    assert open_days == [day]


def test_no_weekday_at_all_is_every_day() -> None:
    monday = on_the_wall("2019-01-07T12:00")
    assert all(
        reason_at(Schedule(weekdays=0), monday + timedelta(days=n)) == "opened"
        for n in range(7)
    )


def test_the_weekday_is_the_one_on_the_wall() -> None:
    """In Berlin, 23:30 UTC on a Sunday is Monday already."""
    at = datetime(2019, 1, 6, 23, 30, tzinfo=UTC)
    assert reason_at(Schedule(weekdays=MON), at) == "opened"
    assert reason_at(Schedule(weekdays=MON), at, "UTC") == "wrong-day"


def test_the_hour_that_comes_twice_is_open_twice() -> None:
    half_past_two = Schedule(from_minute=150, until_minute=150)
    first = datetime(2019, 10, 27, 0, 30, tzinfo=UTC)
    assert reason_at(half_past_two, first) == "opened"
    assert reason_at(half_past_two, first + timedelta(minutes=30)) == "wrong-time"
    assert reason_at(half_past_two, first + timedelta(hours=1)) == "opened"


def test_excluded_edges_close_a_second_and_a_minute_sooner() -> None:
    sharp = Edges(last_counts=False)
    assert (
        reason_at(REHEARSAL, on_the_wall("2019-01-07T22:04:59"), edges=sharp)
        == "opened"
    )
    assert reason_at(REHEARSAL, on_the_wall("2019-01-07T22:05:00"), edges=sharp) == (
        "wrong-time"
    )
    end = datetime(2019, 1, 8, 11, 5, tzinfo=UTC)
    assert reason_at(BY_INSTANTS, end - timedelta(seconds=1), edges=sharp) == "opened"
    assert reason_at(BY_INSTANTS, end, edges=sharp) == "over"


NIGHT = Schedule(from_minute=22 * 60, until_minute=2 * 60)


@pytest.mark.parametrize(
    ("time", "wraps"),
    [("21:59", False), ("22:00", True), ("00:00", True), ("02:00", True)],
)
def test_a_window_over_midnight_runs_on_or_never_opens(
    time: str, *, wraps: bool
) -> None:
    at = on_the_wall(f"2019-01-07T{time}")
    never = Edges(over_midnight=False)
    assert reason_at(NIGHT, at) == ("opened" if wraps else "wrong-time")
    assert reason_at(NIGHT, at, edges=never) == "wrong-time"
