"""What the five limits of an auth mean to a lock: the schedule that is sent to it.

Invariants: pure but for the switches. A lock has one mark for all five, limited or not;
what sets it is the point on which sources differ most (NUK-07), so it is a switch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.codebook import StoredCode
from fakes.doors.schedule import Schedule
from fakes.vendors.nuki.state import Limits, Settings, quirk

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.kit.world import World

# What marks an auth as limited, by quirk `limited-by`
MARKS: dict[str, Callable[[Limits], bool]] = {
    "from-date": lambda limits: limits.start is not None,
    "from-date-and-weekdays": lambda limits: (
        limits.start is not None and limits.weekdays is not None
    ),
    "any": lambda limits: limits != Limits(),
}


def schedule_of(world: World, limits: Limits) -> Schedule:
    """Return the schedule that a lock gets; without the mark it is no limit at all."""
    if not MARKS[quirk(world, "limited-by")](limits):
        return Schedule()
    first, last = _window(world, limits)
    return Schedule(limits.start, limits.end, limits.weekdays or 0, first, last)


def _window(world: World, limits: Limits) -> tuple[int | None, int | None]:
    """Return the minutes of the day, both or none."""
    first, last = limits.from_minute, limits.until_minute
    if first is None or last is None:
        if first is last or quirk(world, "half-window") == "no-limit":
            return None, None
        return first or 0, 24 * 60 - 1 if last is None else last
    whole_day = first == last == 0 and quirk(world, "zero-window") == "whole-day"
    return (None, None) if whole_day else (first, last)


def code_of(world: World, settings: Settings) -> StoredCode:
    """Return the code that a lock is to store; of settings that have one."""
    return StoredCode(
        digits=settings.code or "",
        name=settings.name,
        schedule=schedule_of(world, settings.limits),
        enabled=settings.enabled,
    )


def settings_of(code: StoredCode) -> Settings:
    """Return what the server makes of a code that it finds on a lock."""
    schedule = code.schedule
    limits = Limits(
        start=schedule.start,
        end=schedule.end,
        weekdays=schedule.weekdays or None,
        from_minute=schedule.from_minute,
        until_minute=schedule.until_minute,
    )
    return Settings(code.name, code.digits, enabled=code.enabled, limits=limits)
