"""algoPINs as igloohome's cloud makes them.

Invariants: the PIN follows from the lock's secret, the kind, the window and the
variance, so the same order gives the same PIN again; the name is no part of it and no
ledger says no. Nothing is sent to the lock, and nothing can take a PIN back (IGL-01,
IGL-08).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.algopin import PinMeaning, codec
from fakes.doors.lockclock import HOUR
from fakes.kit.ids import derive
from fakes.vendors.igloohome.limits import refusal
from fakes.vendors.igloohome.shapes import invalid
from fakes.vendors.igloohome.state import Device, IssuedPin, quirk

if TYPE_CHECKING:
    from datetime import datetime

    from fakes.vendors.igloohome.order import Order


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
