"""What can go wrong with a key in the night before, and the nights that are longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.contracts.nuki.room import patch
from tests.contracts.premises import Premises, opened, standing

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2019, 1, 4, 12, tzinfo=BERLIN)
MONDAY = datetime(2019, 1, 7, tzinfo=BERLIN)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SEVEN, TEN = MONDAY + 19 * HOUR, MONDAY + 22 * HOUR


still = standing(FRIDAY)
place = opened("nuki", FRIDAY)


def add_door(place: Premises, form: str, grace: int = 0) -> Any:
    """Hang a door whose customers have keys of that form."""
    door = place.site.door("nuki", timezone="Europe/Berlin")
    place.connect()
    place.rule(door, recurring=form, grace_minutes=grace)
    return door


@pytest.mark.parametrize("form", ["day", "instants"])
@pytest.mark.parametrize("habit", ["queue", "drop"])
def test_push_that_meets_an_offline_lock_arrives_when_it_is_back(
    place: Premises, form: str, habit: str
) -> None:
    door = add_door(place, form)
    place.tell("confirmed", SEVEN - DAY, TEN - DAY, "B-0")
    place.tell("confirmed", SEVEN, TEN)
    place.go_to(SEVEN - DAY)
    pin = place.pin(place.access("B-0"))
    place.go_to(TEN - DAY - MINUTE)
    place.site.ask("PATCH", "/quirks", nuki={"offline": habit})
    patch(place, door, online=False)
    place.go_to(MONDAY + 12 * HOUR)
    assert place.access().status == "in progress"
    assert "on its way" in (place.access().reason or "")
    assert len(place.outbox.mails) == 1
    patch(place, door, online=True)
    place.pass_time(minutes=25)
    assert place.access().status == "created"
    assert place.pin(place.access()) == pin
    assert len(place.outbox.mails) == 2
    place.go_to(SEVEN)
    assert place.site.enter(door, pin)


def test_push_that_never_arrives_fails_and_the_next_one_works(place: Premises) -> None:
    door = add_door(place, "day")
    for number in range(2):
        at = number * DAY
        place.tell("confirmed", SEVEN + at, TEN + at, f"B-{number}")
    patch(place, door, online=False)
    place.go_to(TEN + MINUTE)
    missed = place.access("B-0")
    assert missed.status == "failed"
    assert "no time is left" in (missed.reason or "")
    patch(place, door, online=True)
    place.go_to(SEVEN + DAY)
    pin = place.pin(place.access("B-1"))
    assert place.at_the_door() == [pin]
    assert place.site.enter(door, pin)


def test_key_that_an_app_has_replaced_gets_another_pin(place: Premises) -> None:
    door = add_door(place, "day")
    for number in range(2):
        at = number * DAY
        place.tell("confirmed", SEVEN + at, TEN + at, f"B-{number}")
    place.go_to(SEVEN)
    pin = place.pin(place.access("B-0"))
    patch(place, door, app_removes=pin)
    patch(place, door, app_adds={"code": pin, "name": "cleaner"})
    place.go_to(SEVEN + DAY)
    key = place.access("B-1")
    assert key.status == "created", key.reason
    assert place.pin(key) != pin
    assert place.site.enter(door, place.pin(key))


@pytest.mark.parametrize("form", ["day", "instants"])
@pytest.mark.parametrize(
    "day",
    [datetime(2019, 3, 31, tzinfo=BERLIN), datetime(2019, 10, 27, tzinfo=BERLIN)],
    ids=["an hour less", "an hour twice"],
)
@pytest.mark.parametrize(("first", "hours"), [(0.5, 3), (2.5, 1), (19, 3)])
def test_window_of_a_day_on_which_the_clocks_change_is_exactly_the_booking(
    place: Premises, form: str, day: datetime, first: float, hours: int
) -> None:
    door = add_door(place, form, grace=5)
    start = day.astimezone(UTC) + timedelta(hours=first)  # hours that really pass
    end = start + timedelta(hours=hours)
    place.clock.move_to(day - 2 * DAY)
    place.site.turn(day - 2 * DAY)
    place.tell("confirmed", start, end)
    place.go_to(day - 3 * HOUR)
    assert place.at_the_door() == []
    place.go_to(day - HOUR)
    pin = place.pin(place.access())
    grace = 5 * MINUTE
    steps = range(-70, 60 * hours + 71, 5)
    opened = [
        start + n * MINUTE
        for n in steps
        if place.site.opens(door, pin, start + n * MINUTE)
    ]
    assert (opened[0], opened[-1]) == (start - grace, end + grace)
    assert len(opened) == (60 * hours + 10) // 5 + 1


@pytest.mark.parametrize("month", [3, 10])
def test_season_goes_by_the_wall_when_the_clocks_change(
    place: Premises, month: int
) -> None:
    door = add_door(place, "weekly", grace=5)
    first = datetime(2019, 1, 6, 19, tzinfo=BERLIN)
    last = datetime(2019, 12, 29, 22, tzinfo=BERLIN)
    place.tell("confirmed", first, last)
    place.pass_time(minutes=1)
    pin = place.pin(place.access())
    change = {3: 31, 10: 27}[month]
    for days in (-7, 0, 7):
        sunday = datetime(2019, month, change, 19, tzinfo=BERLIN) + days * DAY
        moments = (-6, -5, 0, 185, 186)
        opened = [place.site.opens(door, pin, sunday + n * MINUTE) for n in moments]
        assert opened == [False, True, True, True, False]
