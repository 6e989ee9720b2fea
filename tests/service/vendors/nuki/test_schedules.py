"""Windows of keypad codes, and how a lock is told them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.domain.errors import NoWindow
from service.domain.schedule import Form, Margin, RecurringKey
from service.vendors.nuki.mapping import TIMES, limits, plan_recurring

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_window_is_the_booking_with_its_margin_to_the_minute() -> None:
    start = datetime(2026, 1, 2, 15, 20, tzinfo=BERLIN)
    window = TIMES.plan(
        start, start + HOUR, now=NOW, zone=BERLIN, margin=Margin(HOUR, 2 * HOUR)
    )
    assert (window.start, window.end) == (start - HOUR, start + 3 * HOUR)


def test_booking_that_is_over_has_no_window() -> None:
    with pytest.raises(NoWindow, match="it was over at 2025-12-31 "):
        TIMES.plan(
            NOW - 5 * HOUR, NOW - 2 * HOUR, now=NOW, zone=BERLIN, margin=Margin()
        )


@pytest.mark.parametrize(("month", "day"), [(1, 5), (7, 6)], ids=["winter", "summer"])
def test_day_and_minutes_are_those_of_the_locks_wall(month: int, day: int) -> None:
    start = datetime(2026, month, day, 18, 55, tzinfo=BERLIN)
    end = start.replace(hour=22, minute=5)
    window = plan_recurring(RecurringKey(Form.DAY), start, end, now=NOW, zone=BERLIN)
    reason_of = limits(window, BERLIN)
    assert (reason_of.weekdays, reason_of.from_minute, reason_of.until_minute) == (
        64,
        1135,
        1325,
    )


def test_weekdays_run_from_monday_64_to_sunday_1() -> None:
    monday = datetime(2026, 1, 5, 12, tzinfo=BERLIN)
    days = [monday + timedelta(days=n) for n in range(7)]
    windows = [
        plan_recurring(RecurringKey(Form.DAY), day, day + HOUR, now=NOW, zone=BERLIN)
        for day in days
    ]
    masks = [limits(window, BERLIN).weekdays for window in windows]
    assert masks == [64, 32, 16, 8, 4, 2, 1]


def test_days_of_a_window_after_midnight_utc_hold_all_of_it() -> None:
    start = datetime(2026, 7, 6, 0, 30, tzinfo=BERLIN)  # the day before in UTC
    window = plan_recurring(
        RecurringKey(Form.DAY), start, start + 3 * HOUR, now=NOW, zone=BERLIN
    )
    reason_of = limits(window, BERLIN)
    assert reason_of.start <= window.start
    assert reason_of.end >= (window.end or reason_of.end)
    assert reason_of.weekdays == 64


def test_window_over_midnight_is_written_by_instants() -> None:
    start = datetime(2026, 1, 5, 23, tzinfo=BERLIN)
    window = plan_recurring(
        RecurringKey(Form.DAY), start, start + 2 * HOUR, now=NOW, zone=BERLIN
    )
    assert limits(window, BERLIN).weekdays == 127


@pytest.mark.parametrize(
    "last",
    [
        datetime(2026, 1, 13, 1, tzinfo=BERLIN),
        datetime(2026, 1, 12, 22, tzinfo=BERLIN),
        datetime(2026, 1, 12, 23, tzinfo=BERLIN),
        datetime(2026, 1, 14, 23, 30, tzinfo=BERLIN),
    ],
    ids=["over midnight", "earlier", "as it began", "another weekday"],
)
def test_season_that_does_not_close_on_the_day_it_opens_is_refused(
    last: datetime,
) -> None:
    first = datetime(2026, 1, 5, 23, tzinfo=BERLIN)
    with pytest.raises(NoWindow, match="opens and closes on one day"):
        plan_recurring(RecurringKey(Form.WEEKLY), first, last, now=NOW, zone=BERLIN)


@pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25)])
def test_window_of_a_day_on_which_the_clocks_change_is_written_by_instants(
    month: int, day: int
) -> None:
    noon = datetime(2026, month, day, 12, tzinfo=BERLIN)
    for start, kind in (
        (noon - 24 * HOUR, "day"),
        (noon, "timed"),
        (noon + 24 * HOUR, "day"),
    ):
        window = plan_recurring(
            RecurringKey(Form.DAY), start, start + HOUR, now=NOW, zone=BERLIN
        )
        assert window.kind == kind


def test_code_by_hand_has_an_end() -> None:
    with pytest.raises(NoWindow, match="has an end"):
        TIMES.plan_by_hand("timed", NOW, None, now=NOW, zone=BERLIN)
    with pytest.raises(NoWindow, match="codes of kind 'timed'"):
        TIMES.plan_by_hand("permanent", NOW, None, now=NOW, zone=BERLIN)
