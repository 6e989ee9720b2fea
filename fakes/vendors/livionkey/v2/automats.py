"""Automats of the newer interface, the LivionKey20 among them.

Invariants: a PIN that is sent opens what it would open at the keypad. `success` says
that the command was sent, not that a door opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.call import answer, current_world, note
from fakes.vendors.livionkey import device_events
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.state import Device, quirk, state_of
from fakes.vendors.livionkey.v2 import shapes
from fakes.vendors.livionkey.v2.wire import V2Request, blueprint, page, read, refusal

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.doors.cabinet import Cabinet
    from fakes.kit.world import World


class PinRequest(V2Request):
    """A PIN to be sent; a proximity check counts as passed at once."""

    pincode: str
    proximity_check: bool = False


@blueprint.get("/automats")
def list_automats() -> Response:
    """List automats."""
    state = state_of(current_world())
    found = (each for each in state.devices.values() if state.cabinet_of(each))
    return page(shapes.automat(state, each) for each in found)


@blueprint.get("/automats/<automat_id>")
def show_automat(automat_id: str) -> Response:
    """Show an automat."""
    world = current_world()
    record, _ = _find(world, automat_id)
    return answer(200, shapes.automat(state_of(world), record))


@blueprint.post("/automats/<automat_id>/sendPincode")
def send_pincode(automat_id: str) -> Response:
    """Type a PIN from afar."""
    world, body = current_world(), read(PinRequest)
    record, cabinet = _find(world, automat_id)
    if not (body.pincode.isascii() and body.pincode.isdigit()):
        return refusal(400, "pincode must be digits")
    reason = _hindrance(world, cabinet)
    if reason is None:
        cabinet.send(body.pincode, world.now, quirk(world, "open-seconds"))
        device_events.collect(world, record)
    return answer(200, {"success": reason is None, "reason": reason})


@blueprint.post("/automats/<automat_id>/cancelSendPincode")
def cancel_pincode(automat_id: str) -> Response:
    """Push shut what a PIN from afar has opened."""
    world = current_world()
    read(PinRequest)
    _, cabinet = _find(world, automat_id)
    cabinet.open_slots.clear()
    return answer(200)


def _hindrance(world: World, cabinet: Cabinet) -> str | None:
    if not cabinet.online:
        return "AUTOMAT_OFFLINE"
    busy = any(world.now < each.until for each in cabinet.open_slots.values())
    return "AUTOMAT_BUSY" if busy else None


def _find(world: World, automat_id: str) -> tuple[Device, Cabinet]:
    state = state_of(world)
    record = state.devices.get(automat_id)
    cabinet = state.cabinet_of(record) if record else None
    if record is None or cabinet is None:
        raise Refused(ErrorCode.UNKNOWN_DEVICE)
    note(record.id)
    return record, cabinet
