"""Windows of keypad codes: what fits a booking, and how a lock is told.

Invariants: pure. A window is exactly the booking with its margin; nothing is rounded.
It is always written with both dates and all weekdays named, since a lock has one mark
for all limits and a code without the first date opens at any time (NUK-07).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Final

from service.domain.errors import NoWindow
from service.domain.schedule import DAY, Exact, Form, Window
from service.ports import RecurringKeys
from service.vendors.nuki.rows import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

TIMED: Final = "timed"
DAILY: Final = "day"
WEEKLY: Final = "weekly"
MONDAY: Final = 64
TIMES: Final = Exact(TIMED, "Nuki has codes", "a code for a keypad")
"""A code always has an end (NUK-07)."""


class Recurring(RecurringKeys):
    """Keys of a season, or of a customer (NUK-09, NUK-10)."""

    forms = tuple(Form)

    def plan(
        self,
        form: Form,
        start: datetime,
        end: datetime,
        *,
        now: datetime,
        zone: tzinfo,
    ) -> Window:
        """Return the window, in the kind that can say it."""
        return plan_recurring(form, start, end, now=now, zone=zone)


def plan_recurring(
    form: Form, start: datetime, end: datetime, *, now: datetime, zone: tzinfo
) -> Window:
    """Return a recurring key's window.

    A day's window is written by instants where the minutes of one day cannot say it:
    over midnight, or on a day with an hour twice. A weekly one is refused then.
    """
    first, last = start.astimezone(zone), end.astimezone(zone)
    if form is not Form.WEEKLY:
        plain = first.date() == last.date() and _is_plain(first.date(), zone)
        kind = DAILY if form is Form.DAY and plain else TIMED
        return TIMES.window(start, end, now=now, zone=zone, kind=kind)
    if first.weekday() != last.weekday() or first.time() >= last.time():
        raise NoWindow(
            "a weekly key opens and closes on one day of each week: the last end is on "
            "the weekday of the first start, and later in the day, grace included"
        )
    return TIMES.window(start, end, now=now, zone=zone, kind=WEEKLY)


def limits(window: Window, zone: tzinfo) -> Limits:
    """Return the window as the lock is told it."""
    return WRITERS[window.kind](window, zone)


def _is_plain(day: date, zone: tzinfo) -> bool:
    """Tell whether the clocks are not changed that day."""
    midnights = (datetime.combine(day + n * DAY, time(), zone) for n in range(2))
    return len({each.utcoffset() for each in midnights}) == 1


def _instants(window: Window, zone: tzinfo) -> Limits:
    del zone
    return Limits(window.start, window.end or window.start)


def _days_and_minutes(window: Window, zone: tzinfo) -> Limits:
    """Return whole days in UTC around the window, and its minutes on the lock's wall.

    The weekday is that of the start: for a season, the day of each week (NUK-09).
    """
    start, end = window.start, window.end or window.start
    return Limits(
        start=start.astimezone(UTC).replace(hour=0, minute=0, second=0),
        end=end.astimezone(UTC).replace(hour=23, minute=59, second=0),
        weekdays=MONDAY >> start.astimezone(zone).weekday(),
        from_minute=_minute(start, zone),
        until_minute=_minute(end, zone),
    )


def _minute(instant: datetime, zone: tzinfo) -> int:
    local = instant.astimezone(zone)
    return local.hour * 60 + local.minute


WRITERS: Final[dict[str, Callable[[Window, tzinfo], Limits]]] = {
    TIMED: _instants,
    DAILY: _days_and_minutes,
    WEEKLY: _days_and_minutes,
}
