"""What the cloud issues without the lock: algoPINs, and Bluetooth keys for a phone.

Invariants: a PIN follows from the lock's secret, the kind, the window and the variance.
So the same order gives the same PIN again, the name is no part of it, and there is no
list of PINs that could refuse one. Nothing is sent to the lock, and nothing can take a
PIN back (IGL-01, IGL-08). Of a Bluetooth key only the issuing is simulated.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from fakes.doors.algopin import PinMeaning, codec
from fakes.doors.lockclock import HOUR
from fakes.kit.ids import derive
from fakes.vendors.igloohome.errors import invalid
from fakes.vendors.igloohome.schemas import Written
from fakes.vendors.igloohome.state import Device, IssuedPin, quirk
from fakes.vendors.igloohome.validation import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from fakes.kit.world import World
    from fakes.vendors.igloohome.validation import Order


PERMISSIONS = ("UNLOCK", "LOCK")


def issue_pin(order: Order) -> IssuedPin:
    """Return the PIN of an order, recorded by the cloud; Refused if it cannot be."""
    reason = refusal(order)
    if reason:
        raise invalid(reason)
    device = order.device
    hour = int(order.start // HOUR)
    meaning = PinMeaning(order.kind, hour, order.duration, order.body["variance"])
    issued = IssuedPin(
        ref=_pin_id(order, meaning),
        kind=order.kind,
        pin=codec(device.secret, device.epoch).write(meaning),
        start=order.dates[0].instant,
        until=_until(device, meaning),
        at=order.world.now,
    )
    device.issued[issued.ref] = issued
    return issued


def _until(device: Device, meaning: PinMeaning) -> datetime | None:
    return None if meaning.end is None else device.clock.instant(meaning.end * HOUR)


def _pin_id(order: Order, meaning: PinMeaning) -> str:
    if quirk(order.world, "pin-id") == "fresh":
        return order.world.ids.uuid("igloohome.pin")
    return derive(order.device.secret, order.device.epoch, *meaning).hex()[:32]


def make_ekey(world: World, body: Mapping[str, Any]) -> dict[str, str]:
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
