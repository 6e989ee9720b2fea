"""The activity of a lock as the cloud learns it: late, and only through a bridge.

Law: the lock writes its own log; a pull by a bridge brings over what is new. Before
that the cloud knows nothing of who came in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.vendors.igloohome import push
from fakes.vendors.igloohome.state import Device, state_of

if TYPE_CHECKING:
    from fakes.doors.lock import Line
    from fakes.kit.world import World

# By what the lock wrote; other numbers are known, but nothing here brings them about
LOG_TYPES = {
    "lock": 37,
    "unlock": 11,
    "lockout": 53,
    "master": 18,  # invented: one of 18 to 26, which are PINs
    "again": 19,
    "onetime": 20,
    "custom": 21,  # invented, likewise
    "first": 22,
}


def pull(world: World, device: Device, bridge_id: str) -> None:
    """Bring the lock's new lines into the cloud, and tell the receiver of webhooks."""
    lines = state_of(world).door_of(device).log
    fresh = [line for line in lines if line.number > device.pulled]
    rows = [row for line in fresh if (row := _row(line))]
    if fresh:
        device.pulled = fresh[-1].number
    device.activity += rows
    if rows:
        told = {
            "deviceId": device.device_id,
            "bridgeId": bridge_id,
            "activityLogs": rows,
        }
        push.tell(world, push.ACTIVITY_LOG, told)


def _row(line: Line) -> dict[str, Any] | None:
    log_type = LOG_TYPES.get(_what(line))
    if log_type is None:
        return None
    row: dict[str, Any] = {
        "logType": log_type,
        "entryDate": int(line.at.timestamp()),
        "operationId": line.number,
    }
    return row | {"pin": line.pin} if line.pin else row


def _what(line: Line) -> str:
    if line.what != "entry":
        return line.what
    if line.reason != "opened":
        return line.reason
    if line.kind in LOG_TYPES:
        return line.kind
    return "first" if line.first else "again"
