"""When a recurring key opens that a booking of a Nuki lock has. Pure.

form       opens                                              at its very end   rule
weekly     on the weekday of the start, from the first to     either            NUK-09
           the last day, between the times of day
day        in the booking's time, once that day has begun     either            NUK-10
instants   likewise, to the second                            either            NUK-10

The weekday is that of the lock's zone, whatever the vendor counts by: it is booked by
people there. The minutes of grace widen it on both sides. A window is pushed each night
for the next day: one of a later day is there, or is not yet: either.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from strikeplate.oracle.answers import EVER, Answer, Stretch, timeline
from strikeplate.oracle.schedules import MONDAY, Week, schedule

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.oracle.answers import Timeline
    from strikeplate.profiles.shape import Resource

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def recurring(
    resource: Resource, start: datetime, end: datetime, now: datetime
) -> Timeline:
    """Return what is said at an instant of the key of a booking."""
    zone = ZoneInfo(resource.zone)
    first, last = (start - resource.grace, end + resource.grace)
    first, last = first.astimezone(zone), last.astimezone(zone)
    if resource.recurring == "weekly":
        minutes = _minute(first), _minute(last)
        week = Week(MONDAY >> first.weekday(), minutes, local=True)
        said = schedule(first, last + MINUTE, week, resource.zone)
        return timeline(*(Stretch(s.since, s.answer, "NUK-09") for s in said))
    night = now.astimezone(zone).replace(hour=0, minute=0, second=0) + DAY
    today = max(first, min(night, last))
    return timeline(
        Stretch(EVER, Answer.SHUT, "NUK-10"),
        Stretch(first, Answer.OPEN if first < night else Answer.EITHER, "NUK-10"),
        Stretch(today, Answer.EITHER, "NUK-10"),
        Stretch(last + MINUTE, Answer.SHUT, "NUK-10"),
    )


def _minute(at: datetime) -> int:
    return 60 * at.hour + at.minute
