"""The numbers by which a lock knows time zones.

Invariants: a zone that is not in the list gets the number of the first listed zone that
keeps the same time, as Stockholm and Zurich get Berlin's; else 65535, which means none.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from fakes.doors.lockclock import zone

NONE = 65535
ZONES = (
    "Africa/Cairo",
    "Africa/Lagos",
    "Africa/Maputo",
    "Africa/Nairobi",
    "America/Anchorage",
    "America/Argentina/Buenos_Aires",
    "America/Chicago",
    "America/Denver",
    "America/Halifax",
    "America/Los_Angeles",
    "America/Manaus",
    "America/Mexico_City",
    "America/New_York",
    "America/Phoenix",
    "America/Regina",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Bangkok",
    "Asia/Dubai",
    "Asia/Hong_Kong",
    "Asia/Jerusalem",
    "Asia/Karachi",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Riyadh",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Asia/Yangon",
    "Australia/Adelaide",
    "Australia/Brisbane",
    "Australia/Darwin",
    "Australia/Hobart",
    "Australia/Perth",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "Europe/London",
    "Europe/Moscow",
    "Pacific/Auckland",
    "Pacific/Guam",
    "Pacific/Honolulu",
    "Pacific/Pago_Pago",
)
_WEEKS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(weeks=n) for n in range(105)]


@cache
def number_of(name: str) -> int:
    """Return the number of an IANA time zone."""
    if name in ZONES:
        return ZONES.index(name)
    times = _times(name)
    return next((n for n, each in enumerate(ZONES) if _times(each) == times), NONE)


@cache
def offset_of(name: str) -> int:
    """Return a zone's standard offset from UTC, in minutes."""
    local = _WEEKS[0].astimezone(zone(name))
    standard = (local.utcoffset() or timedelta()) - (local.dst() or timedelta())
    return int(standard.total_seconds()) // 60


@cache
def _times(name: str) -> list[timedelta | None]:
    return [week.astimezone(zone(name)).utcoffset() for week in _WEEKS]
