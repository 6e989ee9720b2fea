"""The lock's own clock: set when the lock was paired, and never again.

Invariants: lock time is the number of seconds since the epoch on the lock's face, so
two locks in two zones read differently at one instant. Standard time all year by
default: the autumn hour never comes twice and a day always has 24 hours. `wall` follows
summer time instead. What a real lock does is not published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
HOUR = 3600
DAY = 24 * HOUR


class UnknownZoneError(ValueError):
    """No such time zone; the message names it and the form of a right one."""


@cache
def zone(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZoneError(
            f"unknown time zone {name!r}: give an IANA name such as 'Europe/Stockholm'"
        ) from None


@dataclass(frozen=True)
class LockClock:
    """How a lock reads the time: its zone, and its standard offset from UTC."""

    timezone: str
    offset_seconds: int
    wall: bool = False

    def reads(self, instant: datetime) -> float:
        """Return the lock time at an instant, in seconds."""
        return (instant - EPOCH).total_seconds() + self._offset(instant)

    def instant(self, reading: float) -> datetime:
        """Return an instant (UTC) at which the lock reads this."""
        standard = EPOCH + timedelta(seconds=reading - self.offset_seconds)
        return EPOCH + timedelta(seconds=reading - self._offset(standard))

    def _offset(self, instant: datetime) -> float:
        if not self.wall:
            return self.offset_seconds
        offset = instant.astimezone(zone(self.timezone)).utcoffset()
        return (offset or timedelta()).total_seconds()


def paired(timezone: str, at: datetime, *, wall: bool = False) -> LockClock:
    """Return the clock of a lock that was paired at that instant in that zone."""
    local = at.astimezone(zone(timezone))
    standard = (local.utcoffset() or timedelta()) - (local.dst() or timedelta())
    return LockClock(timezone, int(standard.total_seconds()), wall=wall)
