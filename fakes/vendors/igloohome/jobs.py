"""What a bridge can be asked to do at a lock, and what comes of it.

Invariants: one row a type. `check` refuses before anything is queued; `work` happens
within Bluetooth range of the lock and is the only way from the cloud to a lock's
memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fakes.doors.lock import CustomPin
from fakes.doors.lockclock import HOUR
from fakes.vendors.igloohome import activity
from fakes.vendors.igloohome.shapes import Written, invalid
from fakes.vendors.igloohome.state import Device, IssuedPin, Job, quirk, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fakes.kit.world import World

DONE = 0
FAILED = 2
BY_DURATION = 4  # the only pinType that is known
SHORTEST_PIN = 4

Result = dict[str, Any]  # what the operation came to; `result` 0 is success


@dataclass(frozen=True)
class JobType:
    """One thing that a bridge can be asked to do."""

    scope: str
    work: Callable[[World, Device, Job], Result]
    check: Callable[[World, Device, Mapping[str, Any]], None] = lambda *_: None


def _lock(world: World, device: Device, _job: Job) -> Result:
    state_of(world).door_of(device).bolt("lock", world.now)
    return {"result": 0}


def _unlock(world: World, device: Device, _job: Job) -> Result:
    state_of(world).door_of(device).bolt("unlock", world.now)
    return {"result": 0}


def _battery(world: World, device: Device, _job: Job) -> Result:
    device.battery = state_of(world).door_of(device).battery
    return {"result": 0, "batteryLevel": device.battery}


def _status(world: World, device: Device, job: Job) -> Result:
    return _battery(world, device, job) | {"online": True}


def _pull(world: World, device: Device, job: Job) -> Result:
    activity.pull(world, device, job.bridge_id)
    return {"result": 0}


def _create_pin(world: World, device: Device, job: Job) -> Result:
    start, end = Written(job.data["startDate"]), Written(job.data["endDate"])
    reads = device.clock.reads
    window = CustomPin(reads(start.instant), reads(end.instant))
    pin = job.data["pin"]
    if not state_of(world).door_of(device).put(pin, window, world.now):
        return {"result": 1}
    device.custom[pin] = IssuedPin(
        job.job_id, "custom", pin, start.instant, end.instant
    )
    return {"result": 0}


def _delete_pin(world: World, device: Device, job: Job) -> Result:
    pin = job.data["pin"]
    device.custom.pop(pin, None)
    found = state_of(world).door_of(device).drop(pin, world.now)
    return {"result": 0 if found else 1}


def _check_pin(world: World, _device: Device, data: Mapping[str, Any]) -> None:
    longest = int(quirk(world, "custom-pin-longest"))
    pin = data.get("pin")
    digits = isinstance(pin, str) and pin.isascii() and pin.isdigit()
    if not digits or not SHORTEST_PIN <= len(str(pin)) <= longest:
        raise invalid(f"jobData.pin must be {SHORTEST_PIN} to {longest} digits")


def _check_new_pin(world: World, device: Device, data: Mapping[str, Any]) -> None:
    _check_pin(world, device, data)
    if data.get("pinType") != BY_DURATION:
        raise invalid(f"jobData.pinType must be {BY_DURATION}")
    name = data.get("accessName")
    if not isinstance(name, str) or not name:
        raise invalid("jobData.accessName is missing")
    start, end = (_date(data, field) for field in ("startDate", "endDate"))
    if end.instant <= start.instant:
        raise invalid("jobData.endDate must be after startDate")
    reads = device.clock.reads
    if reads(start.instant) // HOUR < reads(world.now) // HOUR:
        raise invalid("jobData.startDate must not be before the current hour")


def _date(data: Mapping[str, Any], field: str) -> Written:
    try:
        date = Written(str(data.get(field)))
    except ValueError as error:
        raise invalid(f"jobData.{field}: {error}") from None
    if date.offset is None:
        raise invalid(f"jobData.{field} must end in an offset such as +01:00")
    return date


TYPES = {
    1: JobType("lock", _lock),
    2: JobType("unlock", _unlock),
    4: JobType("create-pin", _create_pin, _check_new_pin),
    5: JobType("delete-pin", _delete_pin, _check_pin),
    9: JobType("get-battery-level", _battery),
    10: JobType("get-device-status", _status),
    15: JobType("get-activity-logs", _pull),
}
