"""What Nuki sells, as far as a door is concerned, and how a lock is numbered.

Invariants: the number of a lock carries its type above the 32 bits that the app shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fakes.kit.world import World

TYPES = {"smartlock": 4, "smartlock-2": 0, "smartdoor": 3, "opener": 2}

CONFIG: dict[str, Any] = {
    "latitude": 52.5,
    "longitude": 13.4,
    "capabilities": 0,
    "autoUnlatch": False,
    "liftUpHandle": False,
    "pairingEnabled": True,
    "buttonEnabled": True,
    "ledEnabled": True,
    "ledBrightness": 3,
    "daylightSavingMode": 0,
    "fobPaired": False,
    "singleLock": False,
    "advertisingMode": 0,
    "wifiEnabled": True,
}
ADVANCED_CONFIG: dict[str, Any] = {
    "lngTimeout": 20,
    "singleButtonPressAction": 1,
    "doubleButtonPressAction": 5,
    "automaticBatteryTypeDetection": False,
    "unlatchDuration": 3,
    "totalDegrees": 540,
    "singleLockedPositionOffsetDegrees": 0,
    "unlockedToLockedTransitionOffsetDegrees": 0,
    "unlockedPositionOffsetDegrees": 0,
    "lockedPositionOffsetDegrees": 0,
    "batteryType": 0,
    "autoLock": False,
    "autoLockTimeout": 180,
    "autoUpdateEnabled": True,
}


def smartlock_id(world: World, device_type: int) -> int:
    """Return the number of a new lock."""
    return device_type << 32 | int.from_bytes(world.ids.draw("nuki.smartlock")[:4])
