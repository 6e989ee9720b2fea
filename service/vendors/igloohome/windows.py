"""Windows of algoPINs: what igloohome's codes can cover, and what fits a booking.

Invariants: pure; time, zone and margin come in as arguments. A window covers the whole
booking with its margin, begins and ends on a whole hour of the lock's own clock, is
never wider than that rounding asks for, and never begins before the current hour.

Theory: the hours are those of the lock's own clock, which keeps its zone's standard
time all year (inferred: nothing is published). So in Kolkata 10:00+05:30 is a whole
hour and 10:00Z is not, and on Lord Howe, whose summer time is half an hour, the
summer's whole hours are at half past on the wall. Both ends are written with one
offset; then the hours between them are those that pass, also across a change of the
clocks, and a daily code has the same hour at both ends.

    kind       lasts                         first use
    onetime    24 hours, dies at first use   -
    hourly     1 to 672 hours                within 24 hours, if it lasts longer
    daily      29 to 367 whole days          within 24 hours
    permanent  without end                   within 24 hours
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from service.domain.errors import NoWindow
from service.domain.schedule import DAY, HOUR, Margin, Window

LONGEST_HOURLY: Final = 672 * HOUR
SHORTEST_DAILY: Final = 29 * DAY
LONGEST_DAILY: Final = 367 * DAY
FIRST_USE_WITHIN: Final = 24 * HOUR
NOTHING: Final = timedelta()


def plan(
    start: datetime, end: datetime, *, now: datetime, zone: tzinfo, margin: Margin
) -> Window:
    """Return the smallest window that covers the booking (IGL-02, IGL-06, IGL-07).

    A booking between the kinds, over 28 days and under 29, gets a daily window of
    29 days. Raise `NoWindow` for one that is over, or longer than any kind.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    opens, closes = start - margin.before, end + margin.after
    if closes <= now:
        raise NoWindow(
            f"the booking was over at {shown(closes, zone)}, margin included, and it "
            f"is {shown(now, zone)} now: there is nothing left to open the door for"
        )
    begin = max(opens, now)
    hours = grid(begin, zone)
    window = _smallest(hour_down(begin, hours), _hour_up(closes, hours))
    if window.first_use_by is not None and window.first_use_by <= start:
        raise NoWindow(
            f"a margin of {margin.before // HOUR} hours before the booking kills the "
            "code: an algoPIN that lasts over 24 hours is dead unless used within 24 "
            "hours of its start; set margin_before_hours to 23 or less"
        )
    return window


def written(window: Window, zone: tzinfo) -> tuple[str, str | None]:
    """Return start and end as igloohome wants them: minutes 00, one numeric offset.

    The offset is the lock's at the start, or its standard one where only that makes
    the minutes 00.
    """
    local = window.start.astimezone(zone)
    offset = timezone(local.utcoffset() or NOTHING)
    if local.minute:
        offset = grid(window.start, zone)
    start = window.start.astimezone(offset).isoformat(timespec="seconds")
    if window.end is None:
        return start, None
    return start, window.end.astimezone(offset).isoformat(timespec="seconds")


def shown(instant: datetime, zone: tzinfo) -> str:
    """Return the instant in the lock's local time, for people to read."""
    return instant.astimezone(zone).isoformat(sep=" ", timespec="minutes")


def lasting(kind: str, start: datetime, lasts: timedelta) -> Window:
    """Return the window; only one over 24 hours has a first use to miss (IGL-05)."""
    first_use_by = start + FIRST_USE_WITHIN if lasts > FIRST_USE_WITHIN else None
    return Window(kind, start, start + lasts, first_use_by)


def grid(instant: datetime, zone: tzinfo) -> timezone:
    """Return the zone's standard time, on which the lock counts whole hours."""
    local = instant.astimezone(zone)
    return timezone((local.utcoffset() or NOTHING) - (local.dst() or NOTHING))


def hour_down(instant: datetime, hours: timezone) -> datetime:
    """Return the whole hour, in UTC, that this instant lies in."""
    local = instant.astimezone(hours)
    return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def _smallest(first: datetime, last: datetime) -> Window:
    """Return the smallest window from one whole hour that reaches the other."""
    if last - first <= LONGEST_HOURLY:
        return lasting("hourly", first, last - first)
    days = max(SHORTEST_DAILY, -(-(last - first) // DAY) * DAY)
    if days > LONGEST_DAILY:
        raise NoWindow(
            f"the booking needs a code for {days.days} days, margin included, and the "
            f"longest that igloohome makes is {LONGEST_DAILY.days}; split the booking, "
            "or make a permanent code by hand"
        )
    return lasting("daily", first, days)


def _hour_up(instant: datetime, hours: timezone) -> datetime:
    down = hour_down(instant, hours)
    return down if down == instant else down + HOUR
