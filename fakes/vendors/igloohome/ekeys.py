"""Bluetooth keys for a guest's phone: only their making, the phone is not simulated."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from fakes.vendors.igloohome.shapes import Written, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fakes.kit.world import World

PERMISSIONS = ("UNLOCK", "LOCK")


def make(world: World, body: Mapping[str, Any]) -> dict[str, str]:
    """Return a key's id and the key itself; seconds of its dates must be 00."""
    start, end = (_date(body, field) for field in ("startDate", "endDate"))
    if end.instant <= start.instant:
        raise invalid("endDate must be after startDate")
    asked = body.get("permissions")
    known = isinstance(asked, list) and all(each in PERMISSIONS for each in asked)
    if not asked or not known:
        raise invalid("permissions must be a list of UNLOCK and LOCK")
    key = b64encode(world.ids.draw("igloohome.ekey")).decode()
    return {"keyId": world.ids.uuid("igloohome.ekey-id"), "bluetoothGuestKey": key}


def _date(body: Mapping[str, Any], field: str) -> Written:
    try:
        date = Written(str(body.get(field)))
    except ValueError as error:
        raise invalid(f"{field}: {error}") from None
    if date.wall.second or date.offset is None:
        raise invalid(f"{field} must have seconds 00 and an offset such as +01:00")
    return date
