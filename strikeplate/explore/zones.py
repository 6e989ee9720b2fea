"""Zones for histories, and the days of a year near which times go wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)

ZONES = (
    *("Europe/Berlin", "Europe/Helsinki", "America/New_York", "America/St_Johns"),
    *("Asia/Kolkata", "Asia/Kathmandu", "Pacific/Auckland", "Pacific/Honolulu"),
    *("Australia/Adelaide", "Europe/London", "America/Los_Angeles"),
)
PLAIN_DAYS = ("2026-12-05", "2027-07-05", "2028-02-27", "2026-12-30", "2027-01-29")
"""Winter, summer, before a leap day, before a new year, before the end of a month."""


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """Return the days of a year on which a zone changes its clocks."""
    place, first = ZoneInfo(zone), datetime(2027, 1, 1, tzinfo=UTC)
    days = [first + number * DAY for number in range(366)]
    offsets = [day.astimezone(place).utcoffset() for day in days]
    return tuple(
        day
        for day, before, after in zip(days[1:], offsets, offsets[1:], strict=False)
        if before != after
    )
