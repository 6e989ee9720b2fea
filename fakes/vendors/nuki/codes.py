"""What a code is to a lock, and every code in each of the three records.

Invariants: reads only. A lock has one mark that says whether a code is limited at all;
which of the five limits sets it is the point on which sources differ most (NUK-07), so
a quirk decides. A deletion on its way is not listed as on its way: copy and door both
still show the code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.codebook import StoredCode
from fakes.doors.schedule import Schedule
from fakes.kit.door import Code, Door, Truth
from fakes.vendors.nuki.state import (
    Auth,
    Device,
    Limits,
    Operation,
    Settings,
    quirk,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fakes.doors.smartlock import SmartLock
    from fakes.kit.world import World


# What marks an auth as limited, by quirk `limited-by`
MARKS: dict[str, Callable[[Limits], bool]] = {
    "from-date": lambda limits: limits.start is not None,
    "from-date-and-weekdays": lambda limits: (
        limits.start is not None and limits.weekdays is not None
    ),
    "any": lambda limits: limits != Limits(),
}


def codes(world: World, door: Door | None) -> Iterator[Code]:
    """Yield the codes of a door, or of all doors."""
    state = state_of(world)
    for lock in state.doors.values():
        if door is None or door.id == lock.id:
            device = state.device_of(lock)
            if device is not None:
                yield from _in_the_copy(world, device)
                yield from _on_their_way(world, device)
            yield from _on_the_door(lock, device)


def _in_the_copy(world: World, device: Device) -> Iterator[Code]:
    for auth in device.auths.values():
        if auth.settings.code:
            yield _code(world, device, auth)


def _on_their_way(world: World, device: Device) -> Iterator[Code]:
    for operation in device.operations.values():
        if operation.requested is not None and operation.requested.code:
            yield _code(world, device, device.auths[operation.auth], operation)


def _on_the_door(lock: SmartLock, device: Device | None) -> Iterator[Code]:
    rows = device.auths.values() if device else ()
    known = {auth.number: auth for auth in rows}
    for number, code in lock.codebook.codes.items():
        times, auth = (code.schedule.start, code.schedule.end), known.get(number)
        if auth is None:
            yield Code(lock.id, code.digits, "door", *times, None)
        else:  # the copy is updated at the moment at which the lock takes a code
            since = auth.updated_at
            yield Code(lock.id, code.digits, "door", *times, auth.id, since)


def _code(
    world: World, device: Device, auth: Auth, order: Operation | None = None
) -> Code:
    """Return a code as the copy has it, or as an order on its way has it."""
    truth: Truth = "queue" if order else "cloud"
    since = order.accepted_at if order else auth.updated_at
    settings = (order.requested if order else None) or auth.settings
    schedule = schedule_of(world, settings.limits)
    times, digits = (schedule.start, schedule.end), settings.code or ""
    return Code(device.door_id, digits, truth, *times, auth.id, since)


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
