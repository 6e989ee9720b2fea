"""Samples of each type of event, with placeholders, for test deliveries.

Invariants: the shape is that of a live event; no device and no code in it is real.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.vendors.livionkey.events import Event, iso

if TYPE_CHECKING:
    from datetime import datetime

DEVICE = "000000"
CONTRACT = {"contractId": "Contract1", "contractObjectId": "0" * 24}
PLACE = {"deviceId": DEVICE, "lockerIndex": 0, "keyId": "key1"}
DATA: dict[str, dict[str, Any]] = {
    "key-status": {
        "state": "key-fetched",
        "storageType": "device",
        **PLACE,
        **CONTRACT,
    },
    "contract-update": {
        "contractType": "default",
        **CONTRACT,
        "pincode": "000000",
        "deviceId": DEVICE,
        "keyId": "key1",
    },
    "code-entered": {
        "codeType": "right-pincode",
        "code": "000000",
        **PLACE,
        **CONTRACT,
    },
    "device-alarm": {
        "alarmType": "DEVICE_DISCONNECTED",
        "state": "activated",
        "deviceId": DEVICE,
        "end": None,
        "acknowledged": False,
    },
}
TIMES = {"contract-update": ("start", "end"), "device-alarm": ("start",)}


def sample(kind: str, now: datetime, unit: str) -> dict[str, Any]:
    """Return an envelope with a sample of a type in it."""
    times = dict.fromkeys(TIMES.get(kind, ()), iso(now))
    return Event(kind, DEVICE, now, DATA[kind] | times).envelope(now, unit)
