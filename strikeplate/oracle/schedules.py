"""When a keypad code with a schedule opens: dates, weekdays, minutes of the day. Pure.

limit                        opens                                at its very end
first and last instant       to the second                        either   NUK-02 NUK-07
weekdays, a sum of bits      Monday 64 ... Sunday 1; 0 every day  either   NUK-05
minutes of the day           the lock's own zone                  either   NUK-06
without a first instant      at any time: nothing restricts       -        NUK-07

Whether a weekday begins at midnight of the lock's zone or of UTC no source says: either
where the two differ, but for a customer, whose booking is of a `local` weekday. What a
window over midnight does, none says either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from strikeplate.oracle.answers import (
    EVER,
    INSTANT,
    Answer,
    Stretch,
    always,
    timeline,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strikeplate.oracle.answers import Timeline

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MONDAY = 64
LOOKS_AHEAD = timedelta(days=15)
"""So far a schedule without a last instant is worked out; beyond it is either."""


@dataclass(frozen=True)
class Week:
    """The weekdays of a schedule, a sum of bits, and its first and last minute."""

    days: int = 0
    minutes: tuple[int, int] | None = None
    local: bool = False
    """Whether its weekdays are sure to be those of the lock's zone."""


def schedule(
    start: datetime | None, end: datetime | None, week: Week | None, zone: str
) -> Timeline:
    """Return when a code with a schedule opens."""
    if start is None:
        return always(Answer.OPEN, "NUK-07")
    last = end or start + LOOKS_AHEAD
    after = Answer.SHUT if end else Answer.EITHER
    whole = timeline(
        Stretch(EVER, Answer.SHUT, "NUK-07"),
        Stretch(start, Answer.OPEN, "NUK-07"),
        Stretch(last, Answer.EITHER, "NUK-07"),
        Stretch(last + INSTANT, after, "NUK-07"),
    )
    if week is None:
        return whole
    instants = {start, *_edges(start, last, week, ZoneInfo(zone))}
    inside = [
        Stretch(each, *_within(week, each, ZoneInfo(zone)))
        for each in sorted(instants)
        if start <= each < last
    ]
    over = [each for each in whole if each.since >= last]
    return timeline(whole[0], *inside, *over)


def _edges(
    start: datetime, last: datetime, week: Week, zone: ZoneInfo
) -> Iterator[datetime]:
    """Yield every instant at which the answer may change."""
    minutes = {0, *(week.minutes or ())}
    marks = minutes | {minute + 1 for minute in minutes}
    day = start.astimezone(zone).replace(hour=0, minute=0, second=0) - DAY
    while day.astimezone(UTC) < last:
        utc = day.astimezone(UTC).replace(hour=0, minute=0)
        yield utc
        for minute in marks:
            local = (day + minute * MINUTE).replace(tzinfo=zone)
            yield from (local.replace(fold=n).astimezone(UTC) for n in (0, 1))
        if day.utcoffset() != (day + DAY).utcoffset():
            yield from (utc + n * 30 * MINUTE for n in range(96))
        day += DAY


def _within(week: Week, instant: datetime, zone: ZoneInfo) -> tuple[Answer, str]:
    """Return what weekdays and minutes say of an instant, and the rule that says it."""
    local = instant.astimezone(zone)
    days = {_falls(week, local), _falls(week, local if week.local else instant)}
    time = _time(week, 60 * local.hour + local.minute)
    if time is Answer.SHUT:
        return Answer.SHUT, "NUK-06"
    if days == {False}:
        return Answer.SHUT, "NUK-05"
    rule = "NUK-05" if week.days else "NUK-06"
    return (time if days == {True} else Answer.EITHER), rule


def _falls(week: Week, instant: datetime) -> bool:
    return not week.days or bool(week.days & MONDAY >> instant.weekday())


def _time(week: Week, minute: int) -> Answer:
    if week.minutes is None:
        return Answer.OPEN
    first, last = week.minutes
    if first > last or minute == last:
        return Answer.EITHER
    return Answer.OPEN if first <= minute < last else Answer.SHUT
