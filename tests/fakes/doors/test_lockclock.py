"""The lock's clock runs on its own, in its own zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.doors.lockclock import HOUR, UnknownZoneError, paired

WINTER = datetime(2026, 12, 1, 12, tzinfo=UTC)
SUMMER = datetime(2027, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("Europe/Stockholm", 1.0),
        ("Asia/Kolkata", 5.5),
        ("America/St_Johns", -3.5),
        ("Australia/Lord_Howe", 10.5),
        ("Asia/Kathmandu", 5.75),
        ("UTC", 0.0),
    ],
)
@pytest.mark.parametrize("at", [WINTER, SUMMER])
def test_a_lock_is_paired_on_standard_time(
    zone: str, hours: float, at: datetime
) -> None:
    assert paired(zone, at).offset_seconds == hours * HOUR


def test_standard_time_counts_every_hour_of_the_year_once() -> None:
    clock = paired("Europe/Stockholm", WINTER)
    year = SUMMER + timedelta(days=365)
    assert clock.reads(year) - clock.reads(SUMMER) == 365 * 24 * HOUR


def test_a_wall_clock_reads_the_autumn_hour_twice() -> None:
    clock = paired("Europe/Stockholm", WINTER, wall=True)
    before = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert clock.reads(before) == clock.reads(before + timedelta(hours=1))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_an_instant_is_found_back_from_what_the_lock_read(naive: datetime) -> None:
    instant = naive.replace(tzinfo=UTC)
    clock = paired("Australia/Lord_Howe", WINTER)
    assert abs(clock.instant(clock.reads(instant)) - instant) < timedelta(
        microseconds=2
    )


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_an_unknown_zone_is_named_with_the_form_of_a_right_one(name: str) -> None:
    with pytest.raises(UnknownZoneError, match="IANA name such as"):
        paired(name, WINTER)
