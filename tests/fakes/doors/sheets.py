"""A schedule on a sheet of paper beside the door: what locks are tried by.

It knows no bits, no minutes of the day and no instants: weekdays are names, times of
day are `HH:MM` on a wall clock, dates are ISO text in UTC. Its convention for edges is
the fake's own, stated here: the last minute of a day's window is open to its 59th
second, the end of the dates is open for that one second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

WEEK = {
    "Monday": 64,
    "Tuesday": 32,
    "Wednesday": 16,
    "Thursday": 8,
    "Friday": 4,
    "Saturday": 2,
    "Sunday": 1,
}
ZONES = ("Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Auckland")
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = 366 * 86400
CHANGES = (  # when the clocks of these zones change in 2026
    "2026-03-29T01:00:00",
    "2026-10-25T01:00:00",
    "2026-03-08T05:30:00",
    "2026-11-01T04:30:00",
    "2026-04-04T14:00:00",
    "2026-09-26T14:00:00",
)
NUDGES = [timedelta(seconds=seconds) for seconds in (-60, -1, 0, 1, 59, 60)]


@dataclass(frozen=True)
class Sheet:
    """What a person would write on a sheet beside the door."""

    zone: str
    first: str | None
    last: str | None
    days: frozenset[str]
    hours: tuple[str, str] | None
    over_midnight: bool

    def admits(self, at: datetime) -> bool:
        stamp = at.strftime("%Y-%m-%dT%H:%M:%S")
        wall = at.astimezone(ZoneInfo(self.zone))
        if (self.first and stamp < self.first) or (self.last and stamp > self.last):
            return False
        if self.days and wall.strftime("%A") not in self.days:
            return False
        return self.hours is None or self.shows(wall.strftime("%H:%M"))

    def shows(self, clock: str) -> bool:
        opens, closes = self.hours or ("", "")
        if opens <= closes:
            return opens <= clock <= closes
        night = opens <= clock <= "23:59" or "00:00" <= clock <= closes
        return self.over_midnight and night


def instant(stamp: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{stamp}+00:00") if stamp else None


def minutes(clock: str | None) -> int | None:
    return None if clock is None else int(clock[:2]) * 60 + int(clock[3:])


def moments_for(sheet: Sheet, day: datetime) -> Iterator[datetime]:
    """Yield the moment and those beside the edges: dates, hours, both midnights."""
    yield day
    for edge in _edges(sheet, day):
        yield from (edge + nudge for nudge in NUDGES)


def _edges(sheet: Sheet, day: datetime) -> Iterator[datetime]:
    yield from (at for at in (instant(sheet.first), instant(sheet.last)) if at)
    wall = day.astimezone(ZoneInfo(sheet.zone))
    for clock in (*(sheet.hours or ()), "00:00"):
        edge = wall.replace(hour=int(clock[:2]), minute=int(clock[3:]), second=0)
        for fold in (0, 1):  # an hour that comes twice has its edges twice
            yield edge.replace(fold=fold).astimezone(UTC)


any_moments = st.integers(0, YEAR).map(lambda at: FIRST + timedelta(seconds=at))
moments = any_moments | st.builds(
    lambda change, beside: (
        datetime.fromisoformat(f"{change}+00:00") + timedelta(seconds=beside)
    ),
    st.sampled_from(CHANGES),
    st.integers(-4 * 3600, 4 * 3600),
)
stamps = moments.map(lambda at: at.strftime("%Y-%m-%dT%H:%M:%S"))
clocks = st.integers(0, 1439).map(lambda n: f"{n // 60:02d}:{n % 60:02d}")
weeks = st.integers(0, 127).map(
    lambda bits: frozenset(day for day in WEEK if WEEK[day] & bits)
)
sheets = st.builds(
    Sheet,
    zone=st.sampled_from(ZONES),
    first=st.none() | stamps,
    last=st.none() | stamps,
    days=weeks,
    hours=st.none() | st.tuples(clocks, clocks),
    over_midnight=st.booleans(),
)
