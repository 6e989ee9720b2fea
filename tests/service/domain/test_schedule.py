"""Windows, margins, and the keys that get one window after another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis import strategies as st

from service.domain.booking import Customer, holder
from service.domain.errors import NotWholeHours, NoWindow
from service.domain.schedule import (
    HOUR,
    MINUTE,
    NO_MARGIN,
    Exact,
    Margin,
    Neighbour,
    Window,
    margin_of,
    push_at,
    whole_hours,
)

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("hours", [-1, 169, 1.5, 1.0, "1", None, True])
def test_margin_of_anything_but_whole_hours_is_refused(hours: object) -> None:
    with pytest.raises(NotWholeHours) as refused:
        whole_hours("margin_before_hours", hours)
    assert f"margin_before_hours is {hours!r}" in refused.value.reason


def test_margins_in_whole_hours_are_taken() -> None:
    assert whole_hours("margin_after_hours", 168) == 168
    assert margin_of(0, 0, 168, 0).after == 168 * HOUR


def test_widest_margin_satisfies_both() -> None:
    one, other = Margin(HOUR, 2 * HOUR), Margin(2 * HOUR, HOUR)
    assert one.widest(other) == other.widest(one) == Margin(2 * HOUR, 2 * HOUR)


def test_hours_and_minutes_of_a_margin_add_up() -> None:
    assert margin_of(1, 30, 0, 90) == Margin(90 * MINUTE, 90 * MINUTE)
    assert not margin_of(1, 30, 0, 0).fits(HOUR)
    assert margin_of(0, 60, 0, 120).fits(HOUR)


def held(start: int, end: int, margin: Margin) -> Neighbour:
    """Return a booking from minute to minute of the day, with its margin."""
    begins, ends = NOON + start * MINUTE, NOON + end * MINUTE
    window = Window("contract", begins - margin.before, ends + margin.after)
    return Neighbour(begins, ends, window)


QUARTER = Margin(15 * MINUTE, 15 * MINUTE)


@pytest.mark.parametrize(
    ("neighbour", "left"),
    [
        (held(-60, -40, QUARTER), QUARTER),
        (held(-60, -20, QUARTER), Margin(5 * MINUTE, 15 * MINUTE)),
        (held(-60, -10, QUARTER), Margin(0 * MINUTE, 15 * MINUTE)),
        (held(-60, 0, QUARTER), Margin(0 * MINUTE, 15 * MINUTE)),
        (held(60, 90, QUARTER), Margin(15 * MINUTE, 0 * MINUTE)),
        (held(85, 90, QUARTER), Margin(15 * MINUTE, 10 * MINUTE)),
        (held(30, 90, QUARTER), QUARTER),
    ],
)
def test_margin_gives_way_to_a_neighbour(neighbour: Neighbour, left: Margin) -> None:
    assert QUARTER.between(NOON, NOON + HOUR, [neighbour]) == left


@given(
    gap=some.integers(0, 120), before=some.integers(0, 90), after=some.integers(0, 90)
)
def test_margins_of_two_that_do_not_meet_settle_without_meeting(
    gap: int, before: int, after: int
) -> None:
    asked = Margin(before * MINUTE, after * MINUTE)
    first, second = held(0, 60, asked), held(60 + gap, 120 + gap, NO_MARGIN)
    for _ in range(3):
        second = held(
            60 + gap, 120 + gap, asked.between(second.start, second.end, [first])
        )
        first = held(0, 60, asked.between(first.start, first.end, [second]))
    assert not first.window.meets(second.window)
    assert second.window.start == first.window.end or gap > 0
    assert first.window.start == NOON - asked.before


def test_window_is_over_at_its_end_and_never_without_one() -> None:
    window = Window("hourly", NOON, NOON + HOUR)
    assert not window.over(NOON)
    assert window.over(NOON + HOUR)
    assert not Window("permanent", NOON, None).over(NOON + 9999 * HOUR)


NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
TIMES = Exact("visit", "Acme has accesses", "a visit")
minutes = some.integers(0, 600).map(lambda each: timedelta(minutes=each))


@given(minutes, minutes, minutes)
def test_window_is_the_booking_with_its_margin_to_the_second(
    length: timedelta, before: timedelta, after: timedelta
) -> None:
    end = NOW + HOUR + length
    window = TIMES.plan(NOW, end, now=NOW, zone=UTC, margin=Margin(before, after))
    assert (window.start, window.end) == (NOW - before, end + after)


def test_window_is_over_at_its_end_and_not_a_second_before() -> None:
    start, end = NOW - HOUR, NOW
    almost = NOW - timedelta(seconds=1)
    assert TIMES.plan(start, end, now=almost, zone=UTC, margin=NO_MARGIN)
    with pytest.raises(NoWindow, match="over at 2026-12-01 09:00"):
        TIMES.plan(start, end, now=NOW, zone=UTC, margin=NO_MARGIN)


@pytest.mark.parametrize(
    ("kind", "end", "content"),
    [
        ("hourly", NOW + HOUR, "kind is 'hourly'; Acme has accesses of kind 'visit'"),
        ("visit", None, "a visit has an end after its start"),
        ("visit", NOW, "a visit has an end after its start"),
    ],
)
def test_what_is_asked_for_by_hand_is_refused_with_the_fix(
    kind: str, end: datetime | None, content: str
) -> None:
    with pytest.raises(NoWindow, match=content):
        TIMES.plan_by_hand(kind, NOW, end, now=NOW, zone=UTC)


BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 12, 7, tzinfo=BERLIN)
FRIDAY = MONDAY - timedelta(days=3)
NIGHT = datetime(2026, 12, 6, 22, tzinfo=BERLIN)


def hours(first: float, last: float) -> Window:
    start, end = (MONDAY + timedelta(hours=each) for each in (first, last))
    return Window("day", start.astimezone(UTC), end.astimezone(UTC))


def pushed(window: Window, *others: Window, now: datetime = FRIDAY) -> datetime | None:
    return push_at(window, others, now=now.astimezone(UTC), zone=BERLIN)


def test_window_is_pushed_in_the_night_before() -> None:
    assert pushed(hours(19, 22)) == NIGHT


def test_booking_of_the_same_day_is_pushed_at_once() -> None:
    noon = MONDAY + timedelta(hours=12)
    assert pushed(hours(19, 22), now=noon) == noon


def test_push_waits_for_the_end_of_the_window_before() -> None:
    late = hours(-3, -1)  # Sunday until 23:00
    assert pushed(hours(19, 22), late) == late.end


@pytest.mark.parametrize(
    "other",
    [(8, 9), (21, 23), (-2, 1), (19, 22)],
    ids=["earlier", "overlapping", "past midnight", "same"],
)
def test_second_window_of_a_day_finds_the_key_taken(other: tuple[int, int]) -> None:
    assert pushed(hours(19, 22), hours(*other)) is None


def test_window_that_runs_when_tomorrows_is_pushed_finds_the_key_taken() -> None:
    assert pushed(hours(21, 23), hours(24 + 19, 24 + 22)) is None
    assert pushed(hours(19, 21), hours(24 + 19, 24 + 22)) == NIGHT


windows = st.tuples(st.integers(0, 200), st.integers(1, 20)).map(
    lambda each: hours(each[0], each[0] + each[1])
)


@given(st.lists(windows, max_size=12))
def test_no_push_ever_lands_on_a_window_that_is_not_over(wishes: list[Window]) -> None:
    key: list[tuple[datetime, Window]] = []
    for body in wishes:
        at = pushed(body, *(window for _, window in key))
        if at is not None:
            key.append((at, body))
    for at, window in key:
        assert at < window.start
        for other_at, other in key:
            if other is not window:
                assert at >= (other.end or at) or other_at >= (window.end or other_at)


def test_returning_customer_is_told_by_mail_or_phone() -> None:
    assert holder(Customer("Ada", " Ada@Example.org ")) == "ada@example.org"
    assert holder(Customer("Ada", None, "+46701234567")) == "+46701234567"
    assert holder(Customer("Ada")) is None
    assert holder(Customer("Ada", "no-reply@example.org", id="7")) == "7"
