"""What the cloud tells the world outside: four types of event, in two shapes.

Invariants: an event is made once, when the cloud records it, and handed to the mailroom
in both shapes. It bears the time at which the thing happened. In the flat shape `type`
is not always the event's own name; see `FLAT_TYPE`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fakes.vendors.livionkey import webhook_queue
from fakes.vendors.livionkey.state import Contract, Device, Key, KeyEvent, state_of

if TYPE_CHECKING:
    from fakes.kit.world import World

TYPES = ("key-status", "contract-update", "code-entered", "device-alarm")
# The field whose value stands as `type` in the flat shape; it is left out there itself
FLAT_TYPE = {"contract-update": "contractType", "code-entered": "codeType"}


def iso(instant: datetime) -> str:
    """Return an instant as this vendor writes one."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


@dataclass(frozen=True)
class Event:
    """One event, before it has a shape."""

    type: str
    device: str
    at: datetime
    data: dict[str, Any]

    def flat(self, tag: str) -> dict[str, Any]:
        """Return the older shape."""
        data = dict(self.data)
        data.pop("storageType", None)
        kind = data.pop(FLAT_TYPE[self.type]) if self.type in FLAT_TYPE else self.type
        if self.type == "device-alarm":
            return {"type": kind, **data}
        return {"type": kind, **data, "time": iso(self.at), "tag": tag}

    def envelope(self, created_at: datetime, unit: str) -> dict[str, Any]:
        """Return the newer shape."""
        return {
            "specVersion": "1",
            "type": self.type,
            "occurredAt": iso(self.at),
            "createdAt": iso(created_at),
            "organizationUnitId": unit,
            "data": self.data,
        }


def key_status(
    world: World, key: Key, action: str, at: datetime, contract: Contract | None
) -> None:
    """Tell what became of a key, and keep it as the last that was heard of it."""
    ref = world.ids.hex("livionkey.event", 24)
    key.last = KeyEvent(ref, world.now, action, key.locker, at)
    data = {
        "state": action,
        "storageType": "device",
        "deviceId": key.device,
        "lockerIndex": key.locker,
        "keyId": key.id,
        **named(contract),
    }
    _tell(world, Event("key-status", key.device, at, data))


def contract_update(world: World, contract: Contract) -> None:
    """Tell of a contract that was made or changed, once for each of its keys."""
    for handover in contract.handovers:
        data = {
            "contractType": contract.kind,
            **named(contract),
            "pincode": handover.pin,
            "start": iso(contract.start),
            "end": contract.end and iso(contract.end),
            "deviceId": handover.device,
            "keyId": handover.key,
        }
        _tell(world, Event("contract-update", handover.device, world.now, data))


def code_entered(world: World, device: str, at: datetime, **data: Any) -> None:
    """Tell of a code that opened."""
    _tell(world, Event("code-entered", device, at, data | {"deviceId": device}))


def device_alarm(
    world: World, device: Device, alarm: str, start: datetime, end: datetime | None
) -> None:
    """Tell that something is wrong with a device, or no longer."""
    data = {
        "alarmType": alarm,
        "state": "deactivated" if end else "activated",
        "deviceId": device.id,
        "start": iso(start),
        "end": end and iso(end),
        "acknowledged": False,
    }
    _tell(world, Event("device-alarm", device.id, end or start, data))


def named(contract: Contract | None) -> dict[str, str]:
    """Return the fields that name a contract; none if there is none."""
    if contract is None:
        return {}
    return {"contractId": contract.contract_id, "contractObjectId": contract.id}


def _tell(world: World, event: Event) -> None:
    account = state_of(world).account
    flat = event.flat(account.tag)
    envelope = event.envelope(world.now, account.unit)
    webhook_queue.enqueue(world, event.type, event.device, flat, envelope)
