"""Every code in each of the three records: the cloud's, on its way, the device's.

Invariants: reads only. A code that the cloud would send and the device does not know
yet is on its way; the device goes on with what it knows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fakes.doors.cabinet import Cabinet
from fakes.kit.door import Code, Door, Truth
from fakes.vendors.livionkey import delivery
from fakes.vendors.livionkey.state import Device, state_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from fakes.doors.entrance import Entrance, Pass
    from fakes.doors.keycode import Memory
    from fakes.kit.world import World


def codes(world: World, door: Door | None) -> Iterator[Code]:
    """Yield the codes of a device, or of all devices."""
    state = state_of(world)
    for device in state.devices.values():
        if door is None or door.id == device.door_id:
            yield from _of(world, device, state.door_of(device))


def _of(world: World, device: Device, door: Cabinet | Entrance) -> Iterator[Code]:
    in_cloud = list(_shown(world, device, door, "cloud"))
    known = list(_known(device, door))
    facts = {_facts(code) for code in known}
    yield from in_cloud
    for code in in_cloud:
        if _facts(code) not in facts:
            yield replace(code, truth="queue")
    yield from known


def _shown(
    world: World, device: Device, door: Cabinet | Entrance, truth: Truth
) -> Iterator[Code]:
    if isinstance(door, Cabinet):
        return _in(door.id, delivery.memory_of(world, device), truth, {})
    return _by(door.id, delivery.passes_of(world, device), truth, {})


def _known(device: Device, door: Cabinet | Entrance) -> Iterator[Code]:
    if isinstance(door, Cabinet):
        return _in(door.id, door.memory, "door", device.known)
    return _by(door.id, door.passes, "door", device.known)


def _in(
    door: str, memory: Memory, truth: Truth, known: Mapping[str, datetime]
) -> Iterator[Code]:
    """Yield what a cabinet's memory holds; a code without a contract names its key."""
    for grant in memory.grants:
        times, since = (grant.start, grant.closes), known.get(delivery.mark(grant))
        yield Code(door, grant.pin, truth, *times, grant.ref, since)
    for key, code in memory.static.items():
        yield Code(door, f"*{code}", truth, None, None, key)
    for key, backup in memory.backup.items():
        for code in backup:
            yield Code(door, code, truth, None, None, key)


def _by(
    door: str, passes: list[Pass], truth: Truth, known: Mapping[str, datetime]
) -> Iterator[Code]:
    for each in passes:
        hours, since = each.schedules[0], known.get(delivery.mark(each))
        yield Code(door, each.pin, truth, hours.start, hours.end, each.ref, since)


def _facts(code: Code) -> tuple[object, ...]:
    return code.code, code.valid_from, code.valid_until, code.ref
