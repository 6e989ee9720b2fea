"""When a stored code is valid: between two instants, on weekdays, in minutes.

Invariants: pure. All limits that are set must hold; a limit that is not set restricts
nothing.
Dates are instants, compared to the second; weekdays and minutes are those of the door's
own zone, summer time included. No source says whether the last second or minute still
opens, what a window over midnight does, or where a weekday begins: see `Edges`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from fakes.doors.lockclock import zone

if TYPE_CHECKING:
    from collections.abc import Callable

MONDAY = 64  # Tuesday 32, Wednesday 16 ... Sunday 1: the week from left to right


@dataclass(frozen=True)
class Schedule:
    """The limits of one code; the minutes are set both or not at all."""

    start: datetime | None = None  # aware
    end: datetime | None = None
    weekdays: int = 0  # a sum of bits; 0 is every day
    from_minute: int | None = None  # from midnight
    until_minute: int | None = None


@dataclass(frozen=True)
class Edges:
    """How a lock reads the points that a schedule leaves open."""

    last_counts: bool = True  # the last second, and the last minute, still open
    over_midnight: bool = True  # a window that ends before it starts runs on; or never
    utc_weekdays: bool = False  # weekdays begin at midnight in UTC, not at the door


def refusal(
    schedule: Schedule, at: datetime, timezone: str, edges: Edges
) -> str | None:
    """Return why the schedule is not valid at an instant, or None if it is."""
    local = at.astimezone(zone(timezone))
    case = _Case(schedule, edges, at.astimezone(UTC).replace(microsecond=0), local)
    return next((reason for reason, holds in _REFUSALS if holds(case)), None)


class _Case(NamedTuple):
    """A schedule at an instant, in UTC and in the door's own zone."""

    schedule: Schedule
    edges: Edges
    second: datetime
    local: datetime

    def early(self) -> bool:
        return self.schedule.start is not None and self.second < self.schedule.start

    def over(self) -> bool:
        end = self.schedule.end
        if end is None:
            return False
        return self.second > end or (self.second == end and not self.edges.last_counts)

    def wrong_day(self) -> bool:
        at = self.second if self.edges.utc_weekdays else self.local
        today = MONDAY >> at.weekday()
        return bool(self.schedule.weekdays) and not self.schedule.weekdays & today

    def wrong_time(self) -> bool:
        first, last = self.schedule.from_minute, self.schedule.until_minute
        if first is None or last is None:
            return False
        minute = self.local.hour * 60 + self.local.minute
        begun = minute >= first
        ended = minute > last or (minute == last and not self.edges.last_counts)
        if first <= last:
            return not begun or ended
        return not self.edges.over_midnight or (not begun and ended)


_REFUSALS: tuple[tuple[str, Callable[[_Case], bool]], ...] = (
    ("early", _Case.early),
    ("over", _Case.over),
    ("wrong-day", _Case.wrong_day),
    ("wrong-time", _Case.wrong_time),
)
