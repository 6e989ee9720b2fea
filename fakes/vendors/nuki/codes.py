"""Every code in each of the three truths: the server's copy, on its way, on the door.

Law: this only looks. A deletion on its way is no code on its way: the copy and the door
both still show what it will take away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.fake import Code
from fakes.kit.fake import Door
from fakes.kit.fake import Truth
from fakes.vendors.nuki.limits import schedule_of
from fakes.vendors.nuki.state import Device
from fakes.vendors.nuki.state import Settings
from fakes.vendors.nuki.state import state_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fakes.doors.smartlock import SmartLock
    from fakes.kit.world import World


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
            yield _code(world, device, auth.settings, "cloud", auth.id)


def _on_their_way(world: World, device: Device) -> Iterator[Code]:
    for operation in device.operations.values():
        if operation.wish is not None and operation.wish.code:
            yield _code(world, device, operation.wish, "queue", operation.auth)


def _on_the_door(lock: SmartLock, device: Device | None) -> Iterator[Code]:
    rows = device.auths.values() if device else ()
    refs = {auth.number: auth.id for auth in rows}
    for number, code in lock.codebook.codes.items():
        start, end = code.schedule.start, code.schedule.end
        yield Code(lock.id, code.digits, "door", start, end, refs.get(number))


def _code(
    world: World, device: Device, settings: Settings, truth: Truth, ref: str
) -> Code:
    schedule = schedule_of(world, settings.limits)
    digits = settings.code or ""
    return Code(device.door_id, digits, truth, schedule.start, schedule.end, ref)
