"""What a lock is told to do or to be set to, other than to hold a code.

Invariants: accepted is not done. The command reaches the lock `delivery-seconds` later,
if it is online then, and is lost otherwise; a lock that has one on its way takes no
other.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fakes.vendors.nuki import push, report
from fakes.vendors.nuki.errors import bad_value, refused, running
from fakes.vendors.nuki.state import Device, object_id, quirk, state_of
from fakes.vendors.nuki.zones import ZONES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fakes.kit.world import World

ACT = "nuki.act"
CONFIGURE = "nuki.configure"
UNLOCK, LOCK = 1, 2
DEEDS = {
    UNLOCK: "unlock",
    LOCK: "lock",
    3: "unlatch",
    4: "lock-n-go",
    5: "lock-n-go-unlatch",
}
ACCEPTED = 204


def act(
    world: World,
    device: Device,
    action: int | None,
    *,
    request_id: str | None = None,
) -> None:
    """Let a lock do something soon; Refused if it cannot be asked now."""
    if action not in DEEDS:
        raise bad_value(action, "action")
    if device.acting:
        raise running()
    status = int(quirk(world, "offline-action-status"))
    if status != ACCEPTED and not state_of(world).door_of(device).online:
        raise refused(status, "The device is offline")
    device.acting = object_id(world)
    _soon(world, ACT, device, deed=DEEDS[action], request_id=request_id)


def perform(
    world: World, *, smartlock: int, deed: str, request_id: str | None
) -> dict[str, Any] | None:
    """Let the lock do it, if it can be reached."""
    device = state_of(world).devices.get(smartlock)
    if device is None:
        return None
    device.acting = None
    door = state_of(world).door_of(device)
    if not door.online:
        return {"smartlock": smartlock, "came_to": "out of reach"}
    door.act(deed, "web", world.now)
    report.soon(world, device)
    if request_id:
        push.tell_status(world, device, request_id=request_id)
    return {"smartlock": smartlock, "came_to": deed}


def configure(
    world: World, device: Device, section: str, fields: Mapping[str, Any]
) -> None:
    """Let a lock be set soon; `section` names the part of the record it belongs to."""
    zone = fields.get("timezoneId")
    if zone is not None and zone not in range(len(ZONES)):
        raise bad_value(zone, "timezoneId")
    _soon(world, CONFIGURE, device, section=section, fields=dict(fields))


def apply(
    world: World, *, smartlock: int, section: str, fields: dict[str, Any]
) -> dict[str, Any] | None:
    """Set the lock, if it can be reached; its zone counts from now on."""
    device = state_of(world).devices.get(smartlock)
    if device is None or not state_of(world).door_of(device).online:
        return None
    getattr(device, section).update(fields)
    if "timezoneId" in fields:
        state_of(world).door_of(device).timezone = ZONES[fields["timezoneId"]]
    device.name = fields.get("name", device.name)
    device.updated_at = world.now
    push.tell_config(world, device)
    return {"smartlock": smartlock, "set": sorted(fields)}


def _soon(world: World, task: str, device: Device, **args: Any) -> None:
    at = world.now + timedelta(seconds=float(quirk(world, "delivery-seconds")))
    world.call_at(at, task, smartlock=device.smartlock_id, **args)
