"""Recurring keys, worked out by hand: a Monday's hours, and a day that has begun."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from strikeplate.oracle import answers, doors
from strikeplate.oracle.events import Event, Placement, Situation
from strikeplate.oracle.recurring import recurring
from strikeplate.oracle.stock import stock
from strikeplate.profiles.shape import Resource

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2027, 3, 22, tzinfo=BERLIN)


def at(days: int, clock: str) -> datetime:
    """Return a time of day so many days after that Monday."""
    hour, minute, *second = map(int, clock.split(":"))
    day = MONDAY + timedelta(days=days)
    return day.replace(hour=hour, minute=minute, second=second[0] if second else 0)


def hall(form: str, zone: str = "Europe/Berlin") -> Resource:
    traits = {"vendor": "nuki", "zone": zone}
    return Resource.model_validate({**traits, "recurring": form, "grace": "5m"})


@pytest.mark.parametrize(
    ("days", "clock", "answer"),
    [
        (0, "18:54:59", "shut"),
        (0, "18:55:00", "open"),
        (0, "22:04:59", "open"),
        (0, "22:05:00", "either"),
        (0, "22:06:00", "shut"),
        (1, "20:00:00", "shut"),
        (7, "18:55:00", "open"),  # the clocks were put forward the day before
        (7, "18:54:59", "shut"),
        (14, "20:00:00", "open"),
        (21, "20:00:00", "shut"),  # the season is over
    ],
)
def test_weekly_key_opens_on_its_weekday_at_local_hours(
    days: int, clock: str, answer: str
) -> None:
    said = recurring(hall("weekly"), at(0, "19:00"), at(14, "22:00"), MONDAY)
    stretch = answers.at(said, at(days, clock))
    assert (stretch.answer.value, stretch.rule) == (answer, "NUK-09")


@pytest.mark.parametrize(
    ("zone", "clock", "days", "answer"),
    [
        ("Europe/Stockholm", "00:30", 0, "open"),  # a Sunday in UTC
        ("Europe/Stockholm", "00:30", 7, "open"),
        ("Europe/Stockholm", "00:30", 1, "shut"),
        ("Europe/Stockholm", "00:30", 6, "shut"),
        ("America/New_York", "21:30", 0, "open"),  # a Tuesday in UTC
        ("America/New_York", "21:30", 7, "open"),
        ("America/New_York", "21:30", 1, "shut"),
        ("America/New_York", "21:30", 6, "shut"),
    ],
)
def test_weekday_is_the_one_that_people_at_the_lock_have(
    zone: str, clock: str, days: int, answer: str
) -> None:
    first = at(0, clock).replace(tzinfo=ZoneInfo(zone))
    last = (first + timedelta(days=14, hours=1, minutes=20)).replace(fold=0)
    said = recurring(hall("weekly", zone), first, last, first - timedelta(days=1))
    asked = first + timedelta(days=days, minutes=20)
    assert answers.at(said, asked).answer.value == answer


@pytest.mark.parametrize("form", ["day", "instants"])
@pytest.mark.parametrize(
    ("now", "clock", "answer"),
    [
        ((0, "23:59"), "11:00", "either"),  # it is pushed in the night
        ((1, "00:00"), "11:00", "open"),
        ((1, "00:00"), "10:55", "open"),
        ((1, "00:00"), "10:54:59", "shut"),
        ((0, "23:59"), "10:54:59", "shut"),
        ((1, "00:00"), "12:05", "either"),
        ((1, "00:00"), "12:06", "shut"),
    ],
)
def test_pushed_window_opens_once_its_day_has_begun(
    form: str, now: tuple[int, str], clock: str, answer: str
) -> None:
    said = recurring(hall(form), at(1, "11:00"), at(1, "12:00"), at(*now))
    stretch = answers.at(said, at(1, clock))
    assert (stretch.answer.value, stretch.rule) == (answer, "NUK-10")


def test_changed_hour_is_the_only_one_that_opens() -> None:
    placed = Placement("hall", at(1, "11:00"), at(1, "12:00"), "Ada")
    later = Placement("hall", at(1, "15:00"), at(1, "16:00"), "Ada")
    events = [
        Event("B-1", "confirmed", at(0, "08:00"), at(0, "08:00"), placed),
        Event("B-1", "changed", at(0, "09:00"), at(0, "09:00"), later),
    ]
    held = Situation({"hall": hall("instants")}, events)
    assert not [*stock(held, at(1, "00:00"))]
    for clock, answer in (("11:30", "shut"), ("15:30", "open")):
        current = doors.doors(held, at(1, "00:00"))[0]
        assert answers.at(current.timeline, at(1, clock)).answer.value == answer
