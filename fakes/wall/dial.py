"""The world's clock as people see it: hands, a place's time, the next clock change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from fakes.doors.lockclock import UnknownZoneError, zone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

DAYS_AHEAD = 400
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
STEPS = {
    "minute": ("+1 min", MINUTE),
    "hour": ("+1 hour", timedelta(hours=1)),
    "day": ("+1 day", DAY),
}
"""The steps of fixed length: what a button says, and how far it goes."""

SPEEDS = {
    "1": "as real time does",
    "60": "a minute each second",
    "600": "ten minutes each second",
    "3600": "an hour each second",
}
"""How fast a running clock goes: seconds for each real one, and the words."""


@dataclass(frozen=True)
class Dial:
    """A clock face: the time at a place, and the angles of its hands in degrees."""

    at: datetime
    place: str
    zone: str

    @property
    def hour_hand(self) -> float:
        """Where the short hand points."""
        return (self.at.hour % 12 + self.at.minute / 60) * 30

    @property
    def minute_hand(self) -> int:
        """Where the long hand points."""
        return self.at.minute * 6

    @property
    def is_day(self) -> bool:
        """Whether it is between six and twenty o'clock."""
        return 6 <= self.at.hour < 20  # noqa: PLR2004 - o'clock


def dial_of(now: datetime, zones: Iterable[str]) -> Dial:
    """Return the clock at the place where most of the doors are."""
    counted = Counter(zones).most_common(1)
    name = counted[0][0] if counted else "UTC"
    return Dial(local(now, name), place_of(name), name)


def local(at: datetime, zone_name: str) -> datetime:
    """Return an instant by the clocks of a zone; in UTC if there is no such zone."""
    return at.astimezone(zone_of(zone_name))


def place_of(zone_name: str) -> str:
    """Return the city of a zone's name."""
    return zone_name.rpartition("/")[2].replace("_", " ")


def next_change(now: datetime, zones: Iterable[str]) -> tuple[datetime, str] | None:
    """Return when the next of these zones changes its clocks, and which it is."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    found = [(_change(name, today, now), name) for name in sorted(set(zones))]
    return min(((at, name) for at, name in found if at), default=None)


def _change(name: str, today: datetime, now: datetime) -> datetime | None:
    at = _first_change(name, today)
    if at is not None and at <= now:
        return _first_change(name, at)
    return at


@lru_cache(maxsize=256)
def _first_change(name: str, after: datetime) -> datetime | None:
    """Return the first instant after this at which a zone's clocks change."""
    place = zone_of(name)
    for days in range(DAYS_AHEAD):
        begin, end = after + days * DAY, after + (days + 1) * DAY
        if _offset(begin, place) != _offset(end, place):
            return _between(begin, end, place)
    return None


def _between(begin: datetime, end: datetime, place: ZoneInfo) -> datetime:
    before = _offset(begin, place)
    while end - begin > MINUTE:
        middle = begin + (end - begin) / 2
        begin, end = (
            (middle, end) if _offset(middle, place) == before else (begin, middle)
        )
    return end.replace(second=0, microsecond=0)


def _offset(at: datetime, place: ZoneInfo) -> timedelta:
    return at.astimezone(place).utcoffset() or timedelta()


def zone_of(name: str) -> ZoneInfo:
    """Return a zone; UTC if there is none of that name."""
    try:
        return zone(name)
    except UnknownZoneError:
        return zone("UTC")
