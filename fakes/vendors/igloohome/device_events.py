"""The activity of a lock as the cloud learns it: late, and only through a bridge.

Invariants: the lock writes its own log. When a bridge pulls it, the new entries reach
the cloud; before that the cloud does not know who came in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.vendors.igloohome import webhooks
from fakes.vendors.igloohome.state import Device, state_of

if TYPE_CHECKING:
    from fakes.doors.lock import LockLogEntry
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
    """Bring the lock's new log entries into the cloud, and send them as a webhook."""
    entries = state_of(world).door_of(device).log
    fresh = [entry for entry in entries if entry.number > device.pulled]
    rows = [row for entry in fresh if (row := _row(entry))]
    if fresh:
        device.pulled = fresh[-1].number
    device.activity += rows
    if rows:
        data = {
            "deviceId": device.device_id,
            "bridgeId": bridge_id,
            "activityLogs": rows,
        }
        webhooks.send(world, webhooks.ACTIVITY_LOG, data)


def _row(entry: LockLogEntry) -> dict[str, Any] | None:
    log_type = LOG_TYPES.get(_what(entry))
    if log_type is None:
        return None
    row: dict[str, Any] = {
        "logType": log_type,
        "entryDate": int(entry.at.timestamp()),
        "operationId": entry.number,
    }
    return row | {"pin": entry.pin} if entry.pin else row


def _what(entry: LockLogEntry) -> str:
    if entry.what != "entry":
        return entry.what
    if entry.reason != "opened":
        return entry.reason
    if entry.kind in LOG_TYPES:
        return entry.kind
    return "first" if entry.first else "again"
