"""Keys of the older interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from fakes.kit.call import answer, note
from fakes.vendors.livionkey import keys
from fakes.vendors.livionkey.auth import signed_in
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.keys import KeySettings
from fakes.vendors.livionkey.state import Key, state_of
from fakes.vendors.livionkey.v1 import shapes
from fakes.vendors.livionkey.v1.devices import find as find_device
from fakes.vendors.livionkey.v1.devices import number
from fakes.vendors.livionkey.wire import blueprint, body, flag, said, text

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.world import World


@blueprint.post("/keys")
def add_key() -> Response:
    """Add a key to a device."""
    world, fields = signed_in(), _body("deviceId", "keyId", "keyName")
    device = find_device(world, fields["deviceId"], ErrorCode.NO_SUCH_DEVICE)
    key = keys.add(world, device, fields["keyId"], _settings(fields))
    note(key.id)
    return answer(200, {"lockerIndex": key.locker})


@blueprint.get("/keys/<key_id>")
def show_key(key_id: str) -> Response:
    """Show a key: an array with one key in it."""
    world = signed_in()
    key = _find(world, key_id, request.args.get("deviceId"))
    status = flag(request.args.get("keyStatus"))
    return answer(200, [shapes.key(state_of(world), key, status=status)])


@blueprint.get("/keys/<key_id>/status")
def show_status(key_id: str) -> Response:
    """Show the last event of a key."""
    world = signed_in()
    key = _find(world, key_id, _asked_device())
    return answer(200, shapes.last_event(state_of(world), key))


@blueprint.post("/keys/<key_id>")
def change_key(key_id: str) -> Response:
    """Change a key."""
    world, fields = signed_in(), _body("deviceId")
    find_device(world, fields["deviceId"], ErrorCode.NO_SUCH_DEVICE)
    keys.change(world, _find(world, key_id, fields["deviceId"]), _settings(fields))
    return text("Key updated")


@blueprint.delete("/keys/<key_id>")
def remove_key(key_id: str) -> Response:
    """Remove a key, and its contracts with it."""
    world = signed_in()
    keys.remove(world, _find(world, key_id, _asked_device()))
    return text("Key deleted")


@blueprint.post("/keys/<key_id>/backupcodes")
def renew_backup_codes(key_id: str) -> Response:
    """Give a key new backup codes."""
    world, fields = signed_in(), _body("deviceId")
    find_device(world, fields["deviceId"], ErrorCode.NO_SUCH_DEVICE)
    keys.renew_backup_codes(world, _find(world, key_id, fields["deviceId"]))
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


def _find(world: World, key_id: str, device: str | None) -> Key:
    key = keys.find(world, key_id, device)
    note(key.id)
    return key
