"""When a code of a booking opens: each vendor's window. Pure.

vendor     opens                     shuts                        at its very end
igloohome  the hour down             the hour or the day up       shut    IGL-02 IGL-06
nuki       to the second             to the second                either  NUK-02
exivo      to the second             to the second                either  EXV-01 EXV-03
livionkey  to the second             to the second                either  LIV-01 LIV-02

Margins widen each of them first (IGL-03, EXV-01). The hours of igloohome are those of
the lock's own zone. Up to 28 days it counts hours, from 29 to 367 days whole days; what
lies between gets 29 days (IGL-07), what is longer none. Whether a day beyond a change
of the clocks has 24 hours or ends at the same time of day, no source says: either.
Where a zone moves its clocks by half an hour, the hours themselves are uncertain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from strikeplate.oracle.answers import EVER, INSTANT, Answer, Stretch, timeline

if TYPE_CHECKING:
    from strikeplate.oracle.answers import Timeline
    from strikeplate.profiles.shape import Resource

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURLY_AT_MOST = timedelta(hours=672)  # 28 days
DAILY_AT_LEAST, DAILY_AT_MOST = 29, 367
FIRST_USE = timedelta(hours=24)


@dataclass(frozen=True)
class Window:
    """A code must open from `opens` until before `closes`, and not beyond `shuts`.

    Before `earliest` it must not open. Between the two beginnings and between the two
    ends either is right. `unused` is from when on it is dead unless it was used.
    """

    earliest: datetime
    opens: datetime
    closes: datetime
    shuts: datetime
    rule: str
    unused: datetime | None = None

    def timeline(self, *, used: bool = False) -> Timeline:
        """Return what is said of its code at its door."""
        found = [
            Stretch(EVER, Answer.SHUT, self.rule),
            Stretch(self.earliest, Answer.EITHER, self.rule),
            Stretch(self.opens, Answer.OPEN, self.rule),
            Stretch(self.closes, Answer.EITHER, self.rule),
            Stretch(self.shuts, Answer.SHUT, self.rule),
        ]
        if self.unused is not None and not used and self.unused < self.shuts:
            found = [each for each in found if each.since < self.unused]
            found.append(Stretch(self.unused, Answer.SHUT, "IGL-05"))
        return timeline(*found)


def window(
    resource: Resource, start: datetime, end: datetime, made: datetime
) -> Window | None:
    """Return the window of a booking's code that is made then; None if it is too long.

    A code that is made after the start begins with what is left (IGL-02).
    """
    begins = start - resource.margin_before - resource.grace
    ends = end + resource.margin_after + resource.grace
    return VENDORS[resource.vendor](resource, begins, ends, made)


def to_the_second(rule: str) -> Windows:
    """Return the windows of a vendor that takes a booking's times as they are.

    Whether a code gives a key out within a grace period, no source says.
    """

    def found(
        resource: Resource, begins: datetime, ends: datetime, _made: datetime
    ) -> Window:
        start, end = begins.astimezone(UTC), ends.astimezone(UTC)
        over = end + resource.return_grace + INSTANT
        return Window(start, start, end, over, rule)

    return found


def igloohome(
    resource: Resource, begins: datetime, ends: datetime, made: datetime
) -> Window | None:
    """Return the window of an algoPIN: whole hours, or whole days, of the lock."""
    zone = ZoneInfo(resource.zone)
    opens = hour_down(max(begins, made), zone)
    closes = hour_up(ends, zone)
    rule = "IGL-03" if resource.margin_before or resource.margin_after else "IGL-02"
    latest = closes
    if closes - opens > HOURLY_AT_MOST:
        found = _whole_days(opens, ends, zone)
        if found is None:
            return None
        closes, latest = found
        rule = "IGL-06"
    earliest = opens
    if _half_hours(zone, opens):
        earliest, opens = opens - HOUR, max(begins, made).astimezone(UTC)
        closes, latest = ends.astimezone(UTC), latest + HOUR
    dead = earliest + FIRST_USE if latest - earliest > FIRST_USE else None
    return Window(earliest, opens, closes, latest, rule, dead)


def _whole_days(
    opens: datetime, ends: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime] | None:
    """Return the first and the last end that is right; None beyond a year."""
    found = []
    for add in (_same_time_of_day, _times_24_hours):
        days = DAILY_AT_LEAST
        while add(opens, days, zone) < ends:
            days += 1
        if days <= DAILY_AT_MOST:
            found.append(add(opens, days, zone))
    return (min(found), max(found)) if found else None


def _same_time_of_day(opens: datetime, days: int, zone: ZoneInfo) -> datetime:
    return (opens.astimezone(zone) + days * DAY).astimezone(UTC)


def _times_24_hours(opens: datetime, days: int, _zone: ZoneInfo) -> datetime:
    return opens + days * DAY


def hour_down(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the beginning of the whole hour of a zone that an instant is in."""
    local = at.astimezone(zone)
    within = timedelta(minutes=local.minute, seconds=local.second)
    return (at - within - timedelta(microseconds=local.microsecond)).astimezone(UTC)


def hour_up(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the whole hour of a zone that is next, or an instant that is one."""
    return hour_down(at + HOUR - timedelta(microseconds=1), zone)


def _half_hours(zone: ZoneInfo, at: datetime) -> bool:
    """Say whether a zone moves its clocks by a part of an hour within a year."""
    offsets = [
        (at + months * 30 * DAY).astimezone(zone).utcoffset() or timedelta()
        for months in range(12)
    ]
    return bool((max(offsets) - min(offsets)) % HOUR)


Windows = Callable[["Resource", datetime, datetime, datetime], Window | None]

VENDORS: dict[str, Windows] = {
    "igloohome": igloohome,
    "nuki": to_the_second("NUK-02"),
    "exivo": to_the_second("EXV-03"),
    "livionkey": to_the_second("LIV-01"),
}
"""How each vendor turns a booking's times, with their margins, into a window."""
