"""A permit holds between its ends, in the hours of days that have their own names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies

from fakes.doors.permit import Calendar, Hours, Permit
from tests.fakes.doors.onlinedoors import NOW, badge, permit

TUESDAY = frozenset({"2"})
SECOND = timedelta(seconds=1)
MORNING = Hours(("1", "2"), 480, 720)


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (NOW - SECOND, "early"),
        (NOW, None),
        (NOW + timedelta(hours=1) - SECOND, None),
        (NOW + timedelta(hours=1), "over"),
    ],
)
def test_start_is_in_it_and_end_is_not(at: datetime, reason: str | None) -> None:
    one = permit(start=NOW, end=NOW + timedelta(hours=1))
    assert one.refusal(at, TUESDAY, 780) == reason


@pytest.mark.parametrize(
    ("days", "minute", "reason"),
    [
        ({"2"}, 479, "wrong-time"),
        ({"2"}, 480, None),
        ({"2"}, 719, None),
        ({"2"}, 720, "wrong-time"),
        ({"3"}, 600, "wrong-time"),
        ({"a"}, 600, "wrong-time"),
        ({"a", "2"}, 600, None),
    ],
)
def test_hours_hold_on_their_days_up_to_their_last_minute(
    days: set[str], minute: int, reason: str | None
) -> None:
    assert permit(hours=(MORNING,)).refusal(NOW, frozenset(days), minute) == reason


def test_permit_without_hours_that_is_not_for_always_never_holds() -> None:
    assert Permit("ada").refusal(NOW, TUESDAY, 600) == "wrong-time"


def test_badge_is_carried_until_it_expires() -> None:
    one = permit(badges=badge("ab12", NOW))
    assert one.carries("ab12", NOW - SECOND)
    assert not one.carries("ab12", NOW)
    assert not one.carries("cd34", NOW - SECOND)


def test_pin_is_needed_beside_a_badge_only_where_all_present_hours_say_so() -> None:
    strict = Hours(("2",), 0, 1440, pin_required=True)
    assert permit(hours=(strict,)).needs_pin(TUESDAY, 600)
    assert not permit(hours=(strict, MORNING)).needs_pin(TUESDAY, 600)
    assert permit(hours=(strict, MORNING)).needs_pin(TUESDAY, 720)
    assert not Permit("ada", always=True, hours=(strict,)).needs_pin(TUESDAY, 600)


@pytest.mark.parametrize(
    ("at", "name"),
    [("2026-12-06T12:00:00Z", "0"), ("2026-12-05T22:59:59Z", "6")],
)
def test_sunday_is_0_and_begins_at_midnight_of_the_door(at: str, name: str) -> None:
    days, _ = Calendar().reads(datetime.fromisoformat(at), "Europe/Zurich")
    assert days == {name}


def test_special_day_takes_the_place_of_its_weekday_unless_it_keeps_it() -> None:
    special = {"2026-12-01": "a"}
    assert Calendar(special).reads(NOW, "Europe/Zurich") == (frozenset({"a"}), 780)
    kept = Calendar(special, keeps_weekday=True)
    assert kept.reads(NOW, "Europe/Zurich")[0] == {"a", "2"}


@given(at=strategies.datetimes(timezones=strategies.just(UTC)))
def test_every_instant_has_one_weekday_and_a_minute(at: datetime) -> None:
    days, minute = Calendar().reads(at, "UTC")
    assert len(days) == 1
    assert days < set("0123456")
    assert 0 <= minute < 1440
