"""algoPIN windows: cover the booking, in whole lock hours, no wider than needed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from service.domain.errors import NoWindow
from service.domain.schedule import HOUR, NO_MARGIN, Margin, Window
from service.vendors.igloohome.mapping import plan, written

STOCKHOLM = ZoneInfo("Europe/Stockholm")
KOLKATA = ZoneInfo("Asia/Kolkata")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")


def at(text: str, zone: ZoneInfo = STOCKHOLM) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def planned(
    start: str,
    end: str,
    *,
    zone: ZoneInfo = STOCKHOLM,
    now: str = "2026-01-01T00:00",
    margin: Margin = NO_MARGIN,
) -> Window:
    return plan(at(start, zone), at(end, zone), now=at(now), zone=zone, margin=margin)


def test_window_starts_rounded_down_and_ends_rounded_up() -> None:
    window = planned("2026-12-01T15:20", "2026-12-01T17:20")
    assert window == Window("hourly", at("2026-12-01T15:00"), at("2026-12-01T18:00"))


def test_whole_hours_stay_as_they_are() -> None:
    window = planned("2026-12-01T15:00", "2026-12-01T17:00")
    assert window == Window("hourly", at("2026-12-01T15:00"), at("2026-12-01T17:00"))


def test_margin_widens_the_window_by_whole_hours() -> None:
    margin = Margin(HOUR, 2 * HOUR)
    window = planned("2026-12-01T15:20", "2026-12-01T17:20", margin=margin)
    assert window == Window("hourly", at("2026-12-01T14:00"), at("2026-12-01T20:00"))


def test_half_hour_zone_counts_its_own_whole_hours() -> None:
    window = planned("2026-12-01T15:20", "2026-12-01T17:20", zone=KOLKATA)
    assert written(window, KOLKATA) == (
        "2026-12-01T15:00:00+05:30",
        "2026-12-01T18:00:00+05:30",
    )


def test_half_hour_summer_time_counts_on_standard_time() -> None:
    window = planned("2026-12-01T15:20", "2026-12-01T17:20", zone=LORD_HOWE)
    assert written(window, LORD_HOWE) == (
        "2026-12-01T14:00:00+10:30",
        "2026-12-01T17:00:00+10:30",
    )


@pytest.mark.parametrize(
    ("start", "end", "sent"),
    [
        (
            "2026-03-28T22:20",
            "2026-03-29T04:20",
            ("2026-03-28T22:00:00+01:00", "2026-03-29T04:00:00+01:00"),
        ),
        (
            "2026-10-24T22:20",
            "2026-10-25T04:20",
            ("2026-10-24T22:00:00+02:00", "2026-10-25T06:00:00+02:00"),
        ),
    ],
)
def test_both_ends_are_written_with_one_offset_across_a_change_of_clocks(
    start: str, end: str, sent: tuple[str, str]
) -> None:
    assert written(planned(start, end), STOCKHOLM) == sent


def test_twentyeight_days_are_still_hourly() -> None:
    window = planned("2026-11-01T15:00", "2026-11-29T15:00")
    assert window.kind == "hourly"
    assert window.end == at("2026-11-29T15:00")


@pytest.mark.parametrize("end", ["2026-11-29T15:01", "2026-11-30T14:59"])
def test_booking_between_the_kinds_gets_a_daily_window_of_29_days(end: str) -> None:
    window = planned("2026-11-01T15:00", end)
    assert window.kind == "daily"
    assert window.end == at("2026-11-30T15:00")


def test_daily_window_ends_at_the_hour_it_starts() -> None:
    window = planned("2026-03-01T15:20", "2026-05-01T10:00")
    assert written(window, STOCKHOLM) == (
        "2026-03-01T15:00:00+01:00",
        "2026-05-01T15:00:00+01:00",
    )


def test_367_days_are_the_longest() -> None:
    window = planned("2026-12-01T15:00", "2027-12-03T15:00")
    assert window.kind == "daily"
    with pytest.raises(NoWindow, match=r"a code for 368 days.*longest .* is 367"):
        planned("2026-12-01T15:00", "2027-12-03T15:01")


def test_booking_already_begun_starts_at_the_current_hour() -> None:
    window = planned("2026-12-01T15:20", "2026-12-01T17:20", now="2026-12-01T16:40")
    assert window.start == at("2026-12-01T16:00")
    assert window.end == at("2026-12-01T18:00")


def test_current_hour_is_the_locks_not_utcs() -> None:
    now = datetime(2026, 12, 1, 10, 10, tzinfo=UTC)  # 15:40 in Kolkata
    start = at("2026-12-01T13:20", KOLKATA)
    end = at("2026-12-01T17:20", KOLKATA)
    window = plan(start, end, now=now, zone=KOLKATA, margin=NO_MARGIN)
    assert window.start == at("2026-12-01T15:00", KOLKATA)


def test_booking_that_is_over_gets_no_window() -> None:
    with pytest.raises(NoWindow, match=r"was over at 2026-12-01 17:20\+01:00"):
        planned("2026-12-01T15:20", "2026-12-01T17:20", now="2026-12-01T17:20")


def test_margin_after_keeps_a_booking_alive() -> None:
    window = planned(
        "2026-12-01T15:20",
        "2026-12-01T17:20",
        now="2026-12-01T17:50",
        margin=Margin(after=HOUR),
    )
    assert window == Window("hourly", at("2026-12-01T17:00"), at("2026-12-01T19:00"))


def test_window_longer_than_a_day_says_until_when_it_is_first_used() -> None:
    window = planned("2026-12-01T15:20", "2026-12-04T10:00")
    assert window.first_use_by == at("2026-12-02T15:00")
    assert planned("2026-12-01T15:00", "2026-12-02T15:00").first_use_by is None


def test_margin_that_would_kill_the_code_before_the_booking_is_refused() -> None:
    with pytest.raises(NoWindow, match=r"margin of 24 hours.*23 or less"):
        planned("2026-12-05T15:00", "2026-12-05T17:00", margin=Margin(24 * HOUR))
    assert planned("2026-12-05T15:59", "2026-12-05T17:00", margin=Margin(23 * HOUR))
