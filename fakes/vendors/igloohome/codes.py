"""Every code in each of the three records: the cloud's, the bridge's, the lock's.

Invariants: reads only. The cloud lists what it has issued, the queue lists what waits
for a bridge, and the door lists what the lock itself still knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.door import Code, Door
from fakes.vendors.igloohome.schemas import Written
from fakes.vendors.igloohome.state import Device, State, state_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fakes.doors.lock import Lock
    from fakes.kit.world import World


CREATE_PIN = 4


def codes(world: World, door: Door | None) -> Iterator[Code]:
    """Yield the codes of a door, or of all doors."""
    state = state_of(world)
    for lock in state.doors.values():
        if door is None or door.id == lock.id:
            yield from _given_out(lock, state.device_of(lock))
            yield from _on_their_way(state, lock)
            yield from _at_the_door(lock, world)


def _given_out(lock: Lock, device: Device) -> Iterator[Code]:
    for issued in (*device.issued.values(), *device.custom.values()):
        yield Code(
            lock.id,
            issued.pin,
            "cloud",
            issued.start,
            issued.until,
            issued.ref,
            issued.at,
        )


def _on_their_way(state: State, lock: Lock) -> Iterator[Code]:
    for bridge in state.devices.values():
        for job in (state.jobs[job_id] for job_id in bridge.queue):
            if job.type == CREATE_PIN and job.device_id == lock.vendor_id:
                pin, ref = job.data["pin"], job.job_id
                start, end = (Written(job.data[n]) for n in ("startDate", "endDate"))
                times = start.instant, end.instant
                yield Code(lock.id, pin, "queue", *times, ref, job.created_at)


def _at_the_door(lock: Lock, world: World) -> Iterator[Code]:
    for pin, known in lock.remembered(lock.reads(world.now)).items():
        until = None if known.until is None else lock.shows(known.until)
        if known.kind != "onetime":  # that one has burnt
            yield Code(lock.id, pin, "door", lock.shows(known.start), until, None)
    for pin, window in lock.custom.items():
        start, end = lock.shows(window.start), lock.shows(window.end)
        yield Code(lock.id, pin, "door", start, end, None)
