"""When a window goes onto a returning customer's key, and when it must not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.booking import Customer
from service.domain.schedule import Window, holder, push_at

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 12, 7, tzinfo=BERLIN)
NOW = MONDAY - timedelta(days=3)
NIGHT = datetime(2026, 12, 6, 22, tzinfo=BERLIN)


def hours(first: float, last: float) -> Window:
    start, end = (MONDAY + timedelta(hours=each) for each in (first, last))
    return Window("day", start.astimezone(UTC), end.astimezone(UTC))


def pushed(window: Window, *others: Window, now: datetime = NOW) -> datetime | None:
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
