"""Every code in each of the three truths: the server's copy, on its way, on the door.

Invariants: this only looks. A deletion on its way is no code on its way: the copy and
the door both still show what it will take away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.fake import Code, Door, Truth
from fakes.vendors.nuki.limits import schedule_of
from fakes.vendors.nuki.state import Auth, Device, Operation, state_of

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
        else:  # the copy is written anew at the moment at which the lock takes a code
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
