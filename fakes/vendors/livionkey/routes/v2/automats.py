"""Automats in the newer interface; groups and service accounts.

Invariants: a PIN that is sent opens what it would open at the keypad. `success` says
that the automat was told, not that anything opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.answers import answers
from fakes.kit.dispatch import answer, current_world, note
from fakes.vendors.livionkey import auth, device_events
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.routes.v2 import blueprint, page, read, refusal
from fakes.vendors.livionkey.schemas import v2
from fakes.vendors.livionkey.schemas.shapes import NamedShape
from fakes.vendors.livionkey.schemas.v2 import (
    AutomatChange,
    GroupRequest,
    NewServiceAccount,
    PinRequest,
)
from fakes.vendors.livionkey.state import Device, quirk, state_of

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.doors.cabinet import Cabinet
    from fakes.kit.world import World


EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@blueprint.get("/automats")
@answers(v2.Page[v2.AutomatShape])
def list_automats() -> Response:
    """List automats."""
    state = state_of(current_world())
    found = (each for each in state.devices.values() if state.cabinet_of(each))
    return page(v2.automat(state, each) for each in found)


@blueprint.get("/automats/<automat_id>")
@answers(v2.AutomatShape)
def show_automat(automat_id: str) -> Response:
    """Show an automat."""
    world = current_world()
    record, _ = _find(world, automat_id)
    return answer(200, v2.automat(state_of(world), record))


@blueprint.patch("/automats/<automat_id>")
@answers(v2.AutomatShape)
def change_automat(automat_id: str) -> Response:
    """Change an automat's name or label."""
    world, body = current_world(), read(AutomatChange)
    record, cabinet = _find(world, automat_id)
    record.label = body.label if "label" in body.model_fields_set else record.label
    if body.name:
        record.name = cabinet.name = body.name
    return answer(200, v2.automat(state_of(world), record))


@blueprint.post("/automats/<automat_id>/sendPincode")
@answers(v2.SentShape)
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
@answers(None, 200)
def cancel_pincode(automat_id: str) -> Response:
    """Push shut what a PIN from afar has opened."""
    world = current_world()
    read(PinRequest)
    _, cabinet = _find(world, automat_id)
    cabinet.open_slots.clear()
    return answer(200)


def _hindrance(world: World, cabinet: Cabinet) -> str | None:
    if not cabinet.connected:
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


@blueprint.get("/organizationUnits")
@answers(v2.Page[NamedShape])
def list_units() -> Response:
    """List the organisation units, of which there is one."""
    account = state_of(current_world()).account
    return page([{"id": account.unit, "name": account.email}])


@blueprint.get("/groups")
@answers(v2.Page[NamedShape])
def list_groups() -> Response:
    """List groups of automats."""
    groups = state_of(current_world()).account.groups
    return page({"id": ref, "name": name} for ref, name in groups.items())


@blueprint.post("/groups")
@answers(NamedShape, 201)
def make_group() -> Response:
    """Make a group."""
    world, body = current_world(), read(GroupRequest)
    ref = world.ids.hex("livionkey.group", 24)
    state_of(world).account.groups[ref] = body.name
    return answer(201, {"id": ref, "name": body.name})


@blueprint.patch("/groups/<group_id>")
@answers(NamedShape)
def change_group(group_id: str) -> Response:
    """Rename a group."""
    groups = _groups_with(group_id)
    groups[group_id] = read(GroupRequest).name
    return answer(200, {"id": group_id, "name": groups[group_id]})


@blueprint.delete("/groups/<group_id>")
@answers(None)
def delete_group(group_id: str) -> Response:
    """Delete a group."""
    del _groups_with(group_id)[group_id]
    return answer(204)


def _groups_with(group_id: str) -> dict[str, str]:
    groups = state_of(current_world()).account.groups
    if group_id not in groups:
        raise Refused(ErrorCode.UNKNOWN_GROUP)
    return groups


@blueprint.post("/serviceAccounts")
@answers(v2.ServiceAccountShape, 201)
def make_service_account() -> Response:
    """Make an account; its private key is shown this once."""
    body = read(NewServiceAccount)
    return answer(201, auth.make(current_world(), body.name))


@blueprint.delete("/serviceAccounts/<account_id>")
@answers(None)
def delete_service_account(account_id: str) -> Response:
    """Delete an account."""
    if not auth.drop(current_world(), account_id):
        return refusal(404, "there is no such service account")
    return answer(204)


@blueprint.route("/<path:rest>", methods=EVERY_METHOD)
def nothing_here(rest: str) -> Response:
    """Answer whatever this interface does not have."""
    return refusal(404, f"Cannot find /{rest[:80]}")
