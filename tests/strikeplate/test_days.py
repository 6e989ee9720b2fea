"""Days are moved so that what a scenario expects of them still holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from strikeplate.days import dated, described_move, instants_in, shift_from
from strikeplate.verdict import NotApplicable

HOME = ZoneInfo("Europe/Stockholm")
WEEK = timedelta(weeks=1)


def weeks(*texts: str, least: int = 0) -> int:
    return shift_from(least * WEEK, WEEK, instants_in(texts), HOME) // WEEK


def test_instants_are_found_in_texts() -> None:
    texts = ["from 2026-12-07 15:20 to 2026-12-07T17:20:30+01:00", "at 2027-01-01"]
    found = instants_in(texts)
    assert found[0] == datetime(2026, 12, 7, 15, 20)  # noqa: DTZ001 - as written
    assert found[1].astimezone(UTC) == datetime(2026, 12, 7, 16, 20, 30, tzinfo=UTC)
    assert found[2] == datetime(2027, 1, 1)  # noqa: DTZ001 - as written


def test_winter_days_are_moved_into_summer_together() -> None:
    assert weeks("2026-12-07 15:20", "2026-12-07 17:20", least=30) == 30


def test_stay_that_would_cross_a_clock_change_is_moved_behind_it() -> None:
    stay = ("2026-12-07 15:20", "2027-01-06 15:00")
    assert weeks(*stay, least=12) == 16  # from 29 March on


def test_stay_over_a_clock_change_is_moved_to_that_of_another_year() -> None:
    stay = ("2027-03-10 15:20", "2027-04-20 11:00")
    assert weeks(*stay, least=1) == 1
    assert weeks(*stay, least=10) == 49  # over 26 March 2028


def test_hour_that_comes_twice_stays_one() -> None:
    twice = ("2027-10-31 02:20+02:00", "2027-10-31 02:40+01:00")
    assert weeks(*twice) == 0
    assert weeks(*twice, least=1) == 52


def test_instant_with_an_offset_keeps_it() -> None:
    assert weeks("2026-12-07T15:00:00+01:00", least=17) == 47  # winter again


def test_days_that_never_come_again_are_told() -> None:
    zone = ZoneInfo("Europe/Istanbul")  # summer time for the last time in 2016
    change = instants_in(["2015-03-28 12:00", "2015-03-30 12:00"])
    with pytest.raises(NotApplicable, match="clock changes"):
        shift_from(600 * WEEK, WEEK, change, zone)


BOOKING = 'Ada books "court-1" from 2026-12-07 15:20 until 2026-12-08T10:00+01:00'


def test_each_written_date_has_the_one_in_use_beside_it() -> None:
    assert dated(BOOKING, 171) == [
        ('Ada books "court-1" from 2026-12-07', "2027-05-27"),
        (" 15:20 until 2026-12-08", "2027-05-28"),
        ("T10:00+01:00", ""),
    ]
    assert dated(BOOKING, 0) == [(BOOKING, "")]


def test_moved_days_are_told_each_once() -> None:
    told = described_move([BOOKING, "at 2026-12-07 it opens", "on 2026-02-30"], 171)
    days = "2026-12-07 is 2027-05-27, 2026-12-08 is 2027-05-28"
    assert told == f"moved by 171 days: {days}"
    assert not described_move([BOOKING], 0)
    assert not described_move(["no date"], 171)


def test_date_that_never_is_has_no_other_in_use() -> None:
    assert dated("on 2026-02-30", 7) == [("on 2026-02-30", ""), ("", "")]
