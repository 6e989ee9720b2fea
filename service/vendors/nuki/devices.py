"""Which Nuki locks can be given codes, and why the others cannot (NUK-01).

Invariants: pure. A code lives in the lock and is typed at its keypad, so the lock must
be reached by Nuki's server and have a keypad.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from service.ports import VendorLock
from service.vendors.nuki.zones import ZONES

Body = Mapping[str, object]

KINDS: Final = {0: "smart lock", 2: "opener", 3: "smart door", 4: "smart lock"}
ONLINE: Final = 0
OFFLINE: Final = 4
STATES: Final = {
    1: "it is not registered with Nuki's server",
    OFFLINE: "Nuki's server does not reach it: it is offline, or on Bluetooth only",
}
CONNECT: Final = "connect it by Wi-Fi or a bridge and refresh the locks"
NO_KEYPAD: Final = "no keypad is paired with it; pair one and refresh the locks"


def vendor_lock(body: Body) -> VendorLock:
    """Return the lock, with what it can be used for."""
    reason = _unusable(body)
    state, kind = _part(body, "state"), body.get("type")
    battery = state.get("batteryCharge")
    return VendorLock(
        vendor_id=str(body.get("smartlockId", "")),
        name=str(body.get("name") or body.get("smartlockId", "")),
        kind=KINDS.get(kind, "lock") if isinstance(kind, int) else "lock",
        usable=reason is None,
        unusable_reason=reason,
        battery=battery if type(battery) is int else None,
        timezone=_zone(_part(body, "config").get("timezoneId")),
    )


def is_online(body: Body) -> bool:
    """Tell whether Nuki's server reaches the lock."""
    return body.get("serverState") == ONLINE


def _unusable(body: Body) -> str | None:
    if not is_online(body):
        state = body.get("serverState")
        known = STATES.get(state) if isinstance(state, int) else None
        return f"{known or 'Nuki does not let it be reached'}; {CONNECT}"
    config = _part(body, "config")
    if not (config.get("keypadPaired") or config.get("keypad2Paired")):
        return NO_KEYPAD
    return None


def _part(body: Body, name: str) -> Body:
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def _zone(number: object) -> str | None:
    known = isinstance(number, int) and 0 <= number < len(ZONES)
    return ZONES[number] if known and isinstance(number, int) else None
