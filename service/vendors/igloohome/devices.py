"""Which igloohome devices can be given algoPINs, and why the others cannot (IGL-11).

Invariants: pure. What is certain refuses a device; what is only known from hearsay
warns. The vendor tells neither keypads nor algoPIN apart in its list, only types and
ids that begin with the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from service.ports import VendorLock
from service.vendors.igloohome.answers import text_in

Device = Mapping[str, object]

WITH_KEYPAD: Final = ("Lock", "Keypad", "Padlock", "Keybox")
RETROFIT: Final = "OE1"
BRIDGE: Final = "a bridge passes orders on to locks and has no keypad; choose a lock"


def vendor_locks(devices: Iterable[Device]) -> list[VendorLock]:
    """Return every device that has an id, with what it can be used for."""
    listed = [device for device in devices if text_in(device, "deviceId")]
    keypads = [device for device in listed if text_in(device, "type") == "Keypad"]
    return [_lock(device, keypads) for device in listed]


def _lock(device: Device, keypads: Iterable[Device]) -> VendorLock:
    device_id, kind = text_in(device, "deviceId"), text_in(device, "type")
    reason = BRIDGE if kind == "Bridge" else None
    if kind == "Lock" and device_id.startswith(RETROFIT):
        reason = _retrofit(device, keypads)
    battery = device.get("batteryLevel")
    return VendorLock(
        vendor_id=device_id,
        name=text_in(device, "deviceName") or device_id,
        kind=kind.lower() or "unknown",
        usable=reason is None,
        unusable_reason=reason,
        warning=None if reason or kind in WITH_KEYPAD else _unknown(kind),
        battery=battery if type(battery) is int else None,
    )


def _retrofit(lock: Device, keypads: Iterable[Device]) -> str:
    """Return why a retrofit lock takes no algoPIN, naming its keypad where known."""
    mine = [keypad for keypad in keypads if _linked(lock, keypad)]
    which = f"its keypad {text_in(mine[0], 'deviceId')}" if mine else "its EK1 keypad"
    return f"the retrofit lock {RETROFIT} takes no algoPIN itself; choose {which}"


def _linked(lock: Device, keypad: Device) -> bool:
    lock_id, keypad_id = text_in(lock, "deviceId"), text_in(keypad, "deviceId")
    return lock_id in _links(keypad) or keypad_id in _links(lock)


def _links(device: Device) -> list[str]:
    links = device.get("linkedDevices")
    known = links if isinstance(links, list) else []
    return [text_in(link, "deviceId") for link in known]


def _unknown(kind: str) -> str:
    return (
        f"devices of type {kind!r} are not known to take algoPINs; make a one-time "
        "code by hand and try it at the door"
    )
