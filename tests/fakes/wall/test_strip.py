"""When a code opens: stretches to the minute, days of a calendar with clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fakes.wall import strip
from fakes.wall.dial import dial_of, next_change
from fakes.wall.strip import Answer, Stretch

START = datetime(2026, 12, 1, tzinfo=UTC)
OPENS, SHUT = Answer(True, "opened", None), Answer(False, "early", None)


def at(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def between(start: datetime, end: datetime) -> list[Stretch]:
    return strip.stretches(
        lambda now: OPENS if start <= now < end else SHUT,
        START,
        START + timedelta(days=2),
        (start, end),
    )


def test_stretch_is_found_to_the_minute() -> None:
    early, opens, over = between(at(15, 7), at(17, 41))
    assert (early.start, early.end) == (START, at(15, 7))
    assert (opens.start, opens.end, opens.answer) == (at(15, 7), at(17, 41), OPENS)
    assert over.end == at(0, day=3)


def test_short_stretch_is_found_at_the_times_that_the_code_names() -> None:
    assert [each.answer for each in between(at(9, 10), at(9, 15))] == [
        SHUT,
        OPENS,
        SHUT,
    ]


def test_code_that_never_opens_is_one_stretch() -> None:
    (whole,) = between(at(9), at(9))
    assert (whole.start, whole.end, whole.answer) == (START, at(0, day=3), SHUT)


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-29", 23), ("2026-10-25", 25), ("2026-12-01", 24)],
)
def test_day_of_a_clock_change_has_its_own_length(day: str, hours: int) -> None:
    begin = strip.midnight(datetime.fromisoformat(f"{day}T12:00Z"), "Europe/Stockholm")
    found = [Stretch(begin, begin + timedelta(hours=hours), SHUT)]
    (only,) = strip.days_of(found, "Europe/Stockholm")
    assert only.date.date().isoformat() == day
    assert [(each.left, each.width) for each in only.segments] == [(0, 1000)]


def test_no_stretch_has_no_day() -> None:
    assert strip.days_of([], "UTC") == []


def test_next_clock_change_is_the_first_of_all_zones() -> None:
    zones = ["Europe/Stockholm", "America/New_York", "Asia/Kolkata"]
    assert next_change(START, zones) == (
        datetime(2027, 3, 14, 7, tzinfo=UTC),
        "America/New_York",
    )
    assert next_change(START, ["Asia/Kolkata"]) is None


def test_clock_change_of_this_very_moment_is_over() -> None:
    change = datetime(2027, 3, 28, 1, tzinfo=UTC)
    found = next_change(change, ["Europe/Stockholm"])
    assert found == (datetime(2027, 10, 31, 1, tzinfo=UTC), "Europe/Stockholm")


def test_hands_point_at_the_time_of_most_doors() -> None:
    dial = dial_of(at(14, 30), ["Europe/Stockholm", "Asia/Kolkata", "Europe/Stockholm"])
    assert (dial.place, dial.hour_hand, dial.minute_hand) == ("Stockholm", 105, 180)
    assert dial.is_day
    assert not dial_of(at(22), []).is_day
