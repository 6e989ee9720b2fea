"""A lock of LivionKey's is one key of one cabinet: its id names both.

Invariants: pure. A cabinet that is offline can be used all the same: it hears of new
codes once it is back. A static return code is typed after a star.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from service.ports import VendorLock
from service.secret import Secret

Body = Mapping[str, Any]  # JSON

OFFLINE: Final = "disconnected"
AWAY: Final = "the cabinet is offline: what is new reaches it once it is back"
STAR: Final = "*"


class CabinetPlace(NamedTuple):
    """The device, and the key in it."""

    device: str
    key: str

    @property
    def lock(self) -> str:
        """Return the id of the lock; a device's own id has no slash in it."""
        return f"{self.device}/{self.key}"


def place_of(lock: str) -> CabinetPlace:
    """Return what the id of a lock names."""
    device, _, key = lock.partition("/")
    return CabinetPlace(device, key)


def device_id(device: Body) -> str:
    """Return a device's id: it stands under one name in lists, another elsewhere."""
    return str(device.get("deviceId") or device.get("id") or "")


def key_id(key: Body) -> str:
    """Return a key's id."""
    return str(key.get("keyId") or "")


def is_away(device: Body) -> bool:
    """Tell whether the cabinet cannot be reached now."""
    return device.get("connectionState") == OFFLINE


def is_synced(device: Body) -> bool:
    """Tell whether the cabinet knows all its codes; where nothing is said, it does."""
    synced = device.get("synced")
    return not isinstance(synced, dict) or synced.get("isSynced") is not False


def vendor_lock(device: Body, key: Body) -> VendorLock:
    """Return the lock that a key of a device is."""
    place = CabinetPlace(device_id(device), key_id(key))
    where, what = (device.get("name"), key.get("keyName"))
    code = key.get("keyCode")
    return VendorLock(
        vendor_id=place.lock,
        name=f"{where or place.device}, {what or place.key}",
        kind="key",
        usable=True,
        warning=AWAY if is_away(device) else None,
        return_code=Secret(f"{STAR}{code}") if code else None,
    )
