"""Devices and keys in the older interface: listed, shown, changed, opened from afar.

Invariants: it knows key30, keyX and keypads, and no LivionKey20. A device that is
offline cannot be opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from fakes.doors.keycode import CodeMeaning
from fakes.kit.answers import answers
from fakes.kit.dispatch import answer, note
from fakes.vendors.livionkey import keys
from fakes.vendors.livionkey.auth import Turned, not_authorized, signed_in
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.keys import KeySettings
from fakes.vendors.livionkey.routes.v1 import blueprint, body, text
from fakes.vendors.livionkey.schemas import shapes, v1
from fakes.vendors.livionkey.schemas.v1 import flag, said
from fakes.vendors.livionkey.state import Device, Key, State, quirk, state_of

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.doors.cabinet import Cabinet
    from fakes.doors.entrance import Entrance
    from fakes.kit.world import World


SERVED = ("key30", "keyX", "keypad")
CABINETS = ("key30", "keyX")
LONGEST_PAGE = 50
SENT = "Command sent successfuly"  # the vendor's spelling
AFAR = CodeMeaning("afar", "")


@blueprint.get("/devices")
@answers(list[shapes.ListedShape] | shapes.DevicesShape)
def list_devices() -> Response:
    """List devices: an array, or pages once a limit is given."""
    state = state_of(signed_in())
    asked = request.args.getlist("products") or request.args.getlist("products[]")
    products = {each for group in asked for each in group.split(",")} or set(CABINETS)
    found = [
        each
        for each in state.devices.values()
        if each.product in products and each.product in SERVED
    ]
    if "limit" in request.args or "extend" in request.args:
        return answer(200, _page(state, found))
    listed = [{"deviceId": each.id} | v1.device(state, each) for each in found]
    return answer(200, listed)


@blueprint.get("/devices/<device_id>")
@answers(shapes.DeviceShape)
def show_device(device_id: str) -> Response:
    """Show a device, with its lockers if they are asked for."""
    world = signed_in()
    state, record = state_of(world), find(world, device_id)
    shown = {"id": record.id} | v1.device(state, record)
    return answer(200, shown | _extension(state, record))


@blueprint.get("/devices/<device_id>/keys")
@answers(list[shapes.KeyShape])
def list_keys(device_id: str) -> Response:
    """List the keys of a device with their contracts."""
    world = signed_in()
    record, state = find(world, device_id, ErrorCode.NO_DEVICE_KEYS), state_of(world)
    _cabinet(state, record, ErrorCode.NO_DEVICE_KEYS)
    return answer(200, [v1.key(state, each) for each in state.keys_of(record.id)])


@blueprint.get("/devices/<device_id>/contracts")
@answers(list[shapes.ContractShape])
def list_contracts(device_id: str) -> Response:
    """List the contracts of a device."""
    world = signed_in()
    record, state = find(world, device_id, ErrorCode.NO_DEVICES), state_of(world)
    found = state.contracts_of(*state.keys_of(record.id))
    return answer(200, [v1.contract(state, each) for each in found])


@blueprint.get("/devices/<device_id>/accessrights")
@answers(list[shapes.RightShape])
def list_rights(device_id: str) -> Response:
    """List the access rights of a keypad."""
    world = signed_in()
    record, state = find(world, device_id, ErrorCode.NO_DEVICES), state_of(world)
    found = [each for each in state.live_rights() if record.id in each.devices]
    return answer(200, [v1.right(state, each) for each in found])


@blueprint.get("/devices/<device_id>/lockers")
@answers(shapes.LockersShape)
def list_lockers(device_id: str) -> Response:
    """List the lockers of a device."""
    world = signed_in()
    record, state = find(world, device_id), state_of(world)
    _cabinet(state, record, ErrorCode.NOT_SUPPORTED)
    lockers = v1.lockers(state, record)
    return answer(200, {"deviceId": record.id, "lockers": lockers})


@blueprint.get("/devices/<device_id>/lockers/<slot>")
@answers(shapes.OneLockerShape)
def show_locker(device_id: str, slot: str) -> Response:
    """Show one locker."""
    world = signed_in()
    record, state = find(world, device_id), state_of(world)
    _cabinet(state, record, ErrorCode.NOT_SUPPORTED)
    lockers = v1.lockers(state, record)
    index = number(slot)
    if index is None:
        raise Refused(ErrorCode.MALFORMED_SLOT)
    if index >= len(lockers):
        raise Refused(ErrorCode.UNKNOWN_SLOT)
    return answer(200, {"deviceId": record.id, "locker": lockers[index]})


@blueprint.post("/devices/<device_id>/opendoor")
@answers(str)
def open_door(device_id: str) -> Response:
    """Open a locker from afar."""
    world = signed_in()
    record, fields = find(world, device_id), body()
    if not fields:
        raise Refused(ErrorCode.NO_BODY)
    slot = number(said(fields, "lockerIndex"))
    if slot is None:
        raise Refused(ErrorCode.NO_SLOT)
    cabinet = _cabinet(state_of(world), record, ErrorCode.NOT_SUPPORTED)
    if slot >= cabinet.key_slots.slots:
        raise Refused(ErrorCode.OPEN_SLOT_TOO_BIG)
    key = cabinet.key_slots.lying_in(slot) or cabinet.key_slots.kept_for(slot)
    meaning = AFAR._replace(key=key.id) if key else AFAR
    _check_online(cabinet)
    cabinet.open(slot, meaning, world.now, quirk(world, "open-seconds"))
    return text(SENT)


@blueprint.post("/devices/<device_id>/unlock")
@answers(str)
def unlock(device_id: str) -> Response:
    """Unlock the door beside a keypad."""
    world = signed_in()
    record = find(world, device_id)
    door = state_of(world).keypads.get(record.door_id)
    if door is None:
        raise Refused(ErrorCode.NOT_SUPPORTED)
    _check_online(door)
    door.open(world.now)
    return text(SENT)


def find(
    world: World, device_id: str, error: ErrorCode = ErrorCode.UNKNOWN_DEVICE
) -> Device:
    """Return a device that this interface serves."""
    record = state_of(world).devices.get(device_id)
    if record is None or record.product not in SERVED:
        if quirk(world, "unknown-device") == "not-authorized":
            raise Turned(not_authorized(world.now, device_id))
        raise Refused(error)
    note(record.id)
    return record


def number(value: str | None) -> int | None:
    """Return a locker's number, or None if the text is no number."""
    plain = value is not None and value.isascii() and value.isdigit()
    return int(value) if plain and value else None


def _cabinet(state: State, record: Device, error: ErrorCode) -> Cabinet:
    cabinet = state.cabinet_of(record)
    if cabinet is None:
        raise Refused(error)
    return cabinet


def _check_online(door: Cabinet | Entrance) -> None:
    """Return if the device is online; Refused if not."""
    if not door.connected or door.battery <= 0:
        raise Refused(ErrorCode.DEVICE_ERROR)


def _page(state: State, found: list[Device]) -> dict[str, Any]:
    limit, start = number(request.args.get("limit")), number(request.args.get("after"))
    if limit is None or not 1 <= limit <= LONGEST_PAGE:
        raise Refused(ErrorCode.BAD_PAGE)
    start = start or 0
    shown = found[start : start + limit]
    end = start + len(shown)
    devices = [
        {"id": each.id, "product": each.product}
        | v1.device(state, each)
        | _extension(state, each)
        for each in shown
    ]
    page = {"start": start, "end": end, "hasNext": end < len(found)}
    return {"devices": devices, "pageInfo": page}


def _extension(state: State, record: Device) -> dict[str, Any]:
    wanted = "lockers" in request.args.get("extend", "").split(",")
    if not wanted or state.cabinet_of(record) is None:
        return {}
    return {"lockers": v1.lockers(state, record)}


@blueprint.post("/keys")
@answers(shapes.SlotShape)
def add_key() -> Response:
    """Add a key to a device."""
    world, fields = signed_in(), _body("deviceId", "keyId", "keyName")
    device = find(world, fields["deviceId"], ErrorCode.NO_SUCH_DEVICE)
    key = keys.add(world, device, fields["keyId"], _settings(fields))
    note(key.id)
    return answer(200, {"lockerIndex": key.locker})


@blueprint.get("/keys/<key_id>")
@answers(list[shapes.KeyShape])
def show_key(key_id: str) -> Response:
    """Show a key: an array with one key in it."""
    world = signed_in()
    key = _find_key(world, key_id, request.args.get("deviceId"))
    status = flag(request.args.get("keyStatus"))
    return answer(200, [v1.key(state_of(world), key, status=status)])


@blueprint.get("/keys/<key_id>/status")
@answers(shapes.EventShape)
def show_status(key_id: str) -> Response:
    """Show the last event of a key."""
    world = signed_in()
    key = _find_key(world, key_id, _asked_device())
    return answer(200, v1.last_event(state_of(world), key))


@blueprint.post("/keys/<key_id>")
@answers(str)
def change_key(key_id: str) -> Response:
    """Change a key."""
    world, fields = signed_in(), _body("deviceId")
    find(world, fields["deviceId"], ErrorCode.NO_SUCH_DEVICE)
    keys.change(world, _find_key(world, key_id, fields["deviceId"]), _settings(fields))
    return text("Key updated")


@blueprint.delete("/keys/<key_id>")
@answers(str)
def remove_key(key_id: str) -> Response:
    """Remove a key, and its contracts with it."""
    world = signed_in()
    keys.remove(world, _find_key(world, key_id, _asked_device()))
    return text("Key deleted")


@blueprint.post("/keys/<key_id>/backupcodes")
@answers(str)
def renew_backup_codes(key_id: str) -> Response:
    """Give a key new backup codes."""
    world, fields = signed_in(), _body("deviceId")
    find(world, fields["deviceId"], ErrorCode.NO_SUCH_DEVICE)
    keys.renew_backup_codes(world, _find_key(world, key_id, fields["deviceId"]))
    return text("Key backup codes updated")


_MISSING = {
    "deviceId": ErrorCode.NO_DEVICE_ID_OF_KEY,
    "keyId": ErrorCode.NO_KEY_ID_OF_KEY,
    "keyName": ErrorCode.NO_KEY_NAME,
}


def _body(*names: str) -> dict[str, Any]:
    """Return the body, in which these fields must be said."""
    fields = body()
    if not fields:
        raise Refused(ErrorCode.NO_BODY)
    for name in names:
        fields[name] = said(fields, name)
        if fields[name] is None:
            raise Refused(_MISSING[name])
    return fields


def _settings(fields: dict[str, Any]) -> KeySettings:
    slot = said(fields, "lockerIndex")
    if slot is not None and number(slot) is None:
        raise Refused(ErrorCode.MALFORMED_SLOT)
    return KeySettings(
        name=said(fields, "keyName"),
        slot=number(slot),
        return_code=said(fields, "keyCode"),
        shared=flag(fields["shared"]) if "shared" in fields else None,
    )


def _asked_device() -> str:
    device = request.args.get("deviceId")
    if not device:
        raise Refused(ErrorCode.NO_QUERY)
    return device


def _find_key(world: World, key_id: str, device: str | None) -> Key:
    key = keys.find(world, key_id, device)
    note(key.id)
    return key
