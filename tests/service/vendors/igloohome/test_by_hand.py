"""Codes made by hand: taken as they are asked for, or refused with the fix."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from service.domain.errors import NoWindow
from service.domain.schedule import Window
from service.vendors.igloohome.mapping import plan_by_hand, written

STOCKHOLM = ZoneInfo("Europe/Stockholm")
KOLKATA = ZoneInfo("Asia/Kolkata")


def asked(
    kind: str, start: str, end: str | None = None, zone: ZoneInfo = STOCKHOLM
) -> Window:
    now = datetime(2026, 3, 1, 10, 30, tzinfo=STOCKHOLM)
    instants = [text and datetime.fromisoformat(text) for text in (start, end)]
    opens, closes = [at and at.replace(tzinfo=zone) for at in instants]
    assert opens
    return plan_by_hand(kind, opens, closes or None, now=now, zone=zone)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def test_onetime_code_lasts_a_day() -> None:
    window = asked("onetime", "2026-03-02T15:00")
    assert window == Window("onetime", at("2026-03-02T15:00"), at("2026-03-03T15:00"))


def test_permanent_code_has_no_end_and_is_first_used_within_a_day() -> None:
    window = asked("permanent", "2026-03-02T15:00")
    assert window.end is None
    assert window.first_use_by == at("2026-03-03T15:00")
    assert written(window, STOCKHOLM) == ("2026-03-02T15:00:00+01:00", None)


def test_hourly_code_is_taken_up_to_28_days() -> None:
    window = asked("hourly", "2026-03-01T10:00", "2026-03-28T10:00")
    assert window.end == at("2026-03-28T10:00")
    with pytest.raises(NoWindow, match=r"lasts 1 to 672 hours, and 695 were asked"):
        asked("hourly", "2026-03-02T10:00", "2026-03-31T10:00")


@pytest.mark.parametrize(
    ("start", "end", "sent"),
    [
        ("2026-05-01T15:00", "2026-05-30T15:00", "2026-05-30T15:00:00+02:00"),
        ("2026-05-01T15:00", "2027-05-03T15:00", "2027-05-03T15:00:00+02:00"),
        # clocks go forward between the ends: 29 days of 24 hours reach an hour further
        ("2026-03-02T15:00", "2026-03-31T15:00", "2026-03-31T15:00:00+01:00"),
        # clocks go back: the code reaches the next whole day
        ("2026-10-02T15:00", "2026-10-31T15:00", "2026-11-01T15:00:00+02:00"),
    ],
)
def test_daily_code_lasts_whole_days(start: str, end: str, sent: str) -> None:
    assert written(asked("daily", start, end), STOCKHOLM)[1] == sent


@pytest.mark.parametrize("end", ["2026-05-29T15:00", "2027-05-04T15:00"])
def test_daily_code_of_another_length_is_refused(end: str) -> None:
    with pytest.raises(NoWindow, match=r"a daily code lasts 29 to 367 days"):
        asked("daily", "2026-05-01T15:00", end)


def test_daily_code_ends_at_the_hour_it_starts() -> None:
    with pytest.raises(NoWindow, match=r"15:00, and not 16:00"):
        asked("daily", "2026-05-01T15:00", "2026-06-01T16:00")


def test_half_hours_are_refused_with_the_whole_ones_beside_them() -> None:
    with pytest.raises(NoWindow) as refused:
        asked("hourly", "2026-03-02T15:20", "2026-03-02T17:00")
    assert refused.value.reason == (
        "start is 2026-03-02 15:20:00+01:00, which is no whole hour on the lock's "
        "clock; take 2026-03-02 15:00+01:00 or 2026-03-02 16:00+01:00"
    )
    with pytest.raises(NoWindow, match=r"^end is .*17:30"):
        asked("hourly", "2026-03-02T15:00", "2026-03-02T17:30")


def test_whole_hours_are_those_of_the_locks_zone() -> None:
    window = asked("hourly", "2026-03-02T15:00", "2026-03-02T17:00", KOLKATA)
    assert written(window, KOLKATA)[0] == "2026-03-02T15:00:00+05:30"


def test_current_hour_is_taken_and_the_one_before_refused() -> None:
    assert asked("onetime", "2026-03-01T10:00")
    with pytest.raises(NoWindow, match=r"take 2026-03-01 10:00\+01:00 or later"):
        asked("onetime", "2026-03-01T09:00")


@pytest.mark.parametrize(
    ("kind", "end", "reason"),
    [
        ("weekly", None, "kind is 'weekly'; igloohome makes onetime, hourly, daily"),
        ("hourly", None, "an hourly code needs an end; only onetime and permanent"),
        ("daily", None, "a daily code needs an end"),
        ("onetime", "2026-03-03T15:00", "a onetime code takes no end; leave it out"),
        ("permanent", "2026-03-03T15:00", "a permanent code takes no end"),
        ("hourly", "2026-03-02T15:00", "take one after start"),
    ],
)
def test_what_does_not_fit_the_kind_is_refused(
    kind: str, end: str | None, reason: str
) -> None:
    with pytest.raises(NoWindow) as refused:
        asked(kind, "2026-03-02T15:00", end)
    assert reason in refused.value.reason
