"""A bridge and its jobs: the cloud's only way to a lock, slow and not certain.

Invariants: queued is not done. A bridge takes up a job after a while, two a minute; a
lock out of its range keeps the job waiting, and what waits too long expires. Only a
completed job has been at the lock. `TYPES` has one row for each type of job: `check`
refuses before anything is queued, `work` happens at the lock.

    waiting, both in reach       complete, status 0, or 2 if the lock refused
    waiting, one out of reach    waiting, tried again
    waiting too long             complete, status 2, or never reported
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fakes.doors.lock import CustomPin
from fakes.doors.lockclock import HOUR
from fakes.vendors.igloohome import device_events, webhooks
from fakes.vendors.igloohome.auth import allow
from fakes.vendors.igloohome.errors import Refused, invalid
from fakes.vendors.igloohome.schemas import Written
from fakes.vendors.igloohome.state import Device, IssuedPin, Job, quirk, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fakes.kit.world import World


DONE = 0
FAILED = 2
BY_DURATION = 4  # the only pinType that is known
SHORTEST_PIN = 4
Result = dict[str, Any]  # of the operation; `result` 0 is success
TASK = "igloohome.job"
SCOPE = "bridge-proxied-job"


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
    device_events.pull(world, device, job.bridge_id)
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


@dataclass(frozen=True)
class BridgeRequest:
    """A job that a client asks for."""

    device: Device
    bridge: Device
    type: int
    data: Mapping[str, Any]


def read_request(
    world: World, device: Device, bridge: Device, body: Mapping[str, Any]
) -> BridgeRequest:
    """Return what a body asks a bridge for; Refused if it can ask for no such thing."""
    job_type, data = body.get("jobType"), body.get("jobData")
    if type(job_type) is not int or job_type not in TYPES:
        raise invalid(f"jobType must be one of {', '.join(map(str, TYPES))}")
    allow(f"{TYPES[job_type].scope}-{SCOPE}", f"create-{SCOPE}")
    if device.device_id not in bridge.linked or bridge.type != "Bridge":
        raise invalid("the device is not linked to this bridge")
    if data is not None and not isinstance(data, dict):
        raise invalid("jobData must be an object or null")
    TYPES[job_type].check(world, device, data or {})
    return BridgeRequest(device, bridge, job_type, data or {})


def submit(world: World, request: BridgeRequest) -> Job:
    """Return the job, queued; Refused if the bridge cannot take it."""
    bridge = request.bridge
    if not state_of(world).door_of(bridge).connected:
        raise Refused(406, "not_acceptable", "unable to contact the bridge")
    if len(bridge.queue) >= quirk(world, "queue-length"):
        status = int(quirk(world, "queue-full-status"))
        raise Refused(status, "bridge_full", "the bridge has too many jobs waiting")
    job = Job(
        job_id=world.ids.uuid("igloohome.job"),
        device_id=request.device.device_id,
        bridge_id=bridge.device_id,
        type=request.type,
        data=dict(request.data),
        created_at=world.now,
        expires_at=world.now + _seconds(world, "job-expiry-seconds"),
    )
    state_of(world).jobs[job.job_id] = job
    bridge.queue.append(job.job_id)
    _schedule(world, job, _next_slot(world, bridge))
    return job


def run(world: World, job: str) -> dict[str, Any]:
    """Have the bridge take up a job that is due."""
    state = state_of(world)
    found = state.jobs[job]
    device = state.devices.get(found.device_id)
    bridge = state.devices.get(found.bridge_id)
    if bridge is None:
        return _expire(world, found)
    if device is None or world.now >= found.expires_at:
        bridge.queue.remove(job)
        return _expire(world, found)
    if not all(state.door_of(each).connected for each in (device, bridge)):
        _schedule(world, found, _next_slot(world, bridge))
        return {"job": job, "came_to": "nobody in reach"}
    bridge.queue.remove(job)
    return _carry_out(world, found, device)


def _carry_out(world: World, job: Job, device: Device) -> dict[str, Any]:
    outcome = quirk(world, "job-outcome")
    if outcome == "silent":
        return {"job": job.job_id, "came_to": "nothing that is ever heard of"}
    if outcome == "failed":
        return _complete(world, job, {"result": 1})
    result = TYPES[job.type].work(world, device, job)
    device.last_sync = world.now
    return _complete(world, job, result)


def _expire(world: World, job: Job) -> dict[str, Any]:
    if quirk(world, "expired-job") == "silent":
        return {"job": job.job_id, "came_to": "nothing that is ever heard of"}
    return _complete(world, job, None)


def _complete(world: World, job: Job, result: dict[str, Any] | None) -> dict[str, Any]:
    """Complete a job; without a result it never got to the lock."""
    done = result is not None and result["result"] == 0
    status = DONE if done else FAILED
    job.completed = True
    job.response = {"jobStatus": status} | ({"opResult": result} if result else {})
    content = {
        "jobId": job.job_id,
        "jobType": job.type,
        "jobStatus": status,
        "deviceId": job.device_id,
        "completed": True,
    }
    webhooks.send(world, webhooks.JOB_COMPLETE, content)
    return {"job": job.job_id, "came_to": "done" if done else "failed"}


def _next_slot(world: World, bridge: Device) -> datetime:
    """Return when the bridge takes up its next job, and keep it until then."""
    slot = world.now + _seconds(world, "job-seconds")
    if bridge.free_at is not None:
        slot = max(slot, bridge.free_at)
    bridge.free_at = slot + _seconds(world, "job-gap-seconds")
    return slot


def _schedule(world: World, job: Job, slot: datetime) -> None:
    world.call_at(min(slot, job.expires_at), TASK, job=job.job_id)


def _seconds(world: World, name: str) -> timedelta:
    return timedelta(seconds=int(quirk(world, name)))
