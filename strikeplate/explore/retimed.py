"""Other times for a booking, as its platform may change them. Pure.

extend          the end alone is later
shorten         the end alone is earlier
begin later     the start alone is later
begin earlier   the start alone is earlier

Invariants: nothing is moved into the past; what cannot be changed stays as it is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random

    Times = tuple[datetime, datetime]

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SOON = 10 * MINUTE
"""So far ahead lies at least what is changed."""


def _extend(start: datetime, end: datetime, _at: datetime, chance: Random) -> Times:
    return start, end + chance.choice((HOUR, 90 * MINUTE, DAY))


def _shorten(start: datetime, end: datetime, at: datetime, _chance: Random) -> Times:
    return start, max(start + (end - start) / 2, at + SOON)


def _later(start: datetime, end: datetime, at: datetime, _chance: Random) -> Times:
    later = start + (end - start) / 2
    return (later, end) if start > at + SOON else (start, end)


def _earlier(start: datetime, end: datetime, at: datetime, chance: Random) -> Times:
    earlier = start - chance.choice((HOUR, 90 * MINUTE, DAY))
    return (earlier, end) if earlier > at + SOON else (start, end)


RETIMED: dict[str, Callable[[datetime, datetime, datetime, Random], Times]] = {
    "extend": _extend,
    "shorten": _shorten,
    "begin later": _later,
    "begin earlier": _earlier,
}
"""By its kind: the times that a booking has after a change at an instant."""
