"""Alarms of devices: raised once, cleared once.

Invariants: an alarm that is raised already is not raised again. A lost connection is
seen by the cloud; all else the device reports, so it is heard when there is a
connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.livionkey import events
from fakes.vendors.livionkey.state import Device, state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.doors.cabinet import Cabinet
    from fakes.doors.entrance import Entrance
    from fakes.kit.world import World

LOW_BATTERY = 15  # percent
DISCONNECTED = "DEVICE_DISCONNECTED"
# Each alarm and when it holds, given what hangs on the wall
ALARMS: tuple[tuple[str, Callable[[Cabinet | Entrance], bool]], ...] = (
    (DISCONNECTED, lambda door: not door.online),
    ("DEVICE_LOW_POWER", lambda door: door.battery < LOW_BATTERY),
    ("DEVICE_POWER_DISCONNECTED", lambda door: "power" in door.troubles),
    ("DEVICE_MOVED", lambda door: "moved" in door.troubles),
    ("DEVICE_ERROR", lambda door: "error" in door.troubles),
    ("DEVICE_WIFI_OFFLINE", lambda door: "wifi" in door.troubles),
)


def check(world: World, device: Device) -> None:
    """Raise the alarms that hold now, and clear those that hold no longer."""
    door = state_of(world).door_of(device)
    for alarm, holds in ALARMS:
        if alarm != DISCONNECTED and not door.online:
            continue
        since = device.alarms.get(alarm)
        if holds(door) and since is None:
            device.alarms[alarm] = world.now
            events.device_alarm(world, device, alarm, world.now, None)
        elif since is not None and not holds(door):
            del device.alarms[alarm]
            events.device_alarm(world, device, alarm, since, world.now)
