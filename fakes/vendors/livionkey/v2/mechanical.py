"""Keys of the newer interface; only those that belong to an automat are modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from fakes.kit.call import answer, current_world, note
from fakes.vendors.livionkey import keys
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.keys import KeySettings
from fakes.vendors.livionkey.state import Key, state_of
from fakes.vendors.livionkey.v2 import shapes
from fakes.vendors.livionkey.v2.wire import V2Request, blueprint, page, read, refusal

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.world import World

KEYS = "/mechanical/keys"
IN_DEVICES = "1"


class Storage(V2Request):
    """Where a key belongs."""

    automat_id: str


class NewKey(V2Request):
    """What a key is to be."""

    id: str
    selected_storage: Storage
    away: bool
    name: str | None = None
    shared: bool | None = None


class KeyChange(V2Request):
    """What is to be changed of a key."""

    name: str | None = None
    shared: bool | None = None


class KeyDeletion(V2Request):
    """Whether a key goes together with its contracts."""

    delete_active_contracts: bool = False


@blueprint.get(KEYS)
def list_keys() -> Response:
    """List keys, of one automat if one is named, or by a word in id or name."""
    state = state_of(current_world())
    automat, word = request.args.get("automatId"), request.args.get("search", "")
    in_devices = request.args.get("selectedStorage", IN_DEVICES) == IN_DEVICES
    return page(
        shapes.key(state, each)
        for each in state.keys.values()
        if in_devices
        and automat in {None, each.device}
        and word.lower() in f"{each.id} {each.name}".lower()
    )


@blueprint.post(KEYS)
def make_key() -> Response:
    """Add a key to an automat."""
    world, body = current_world(), read(NewKey)
    state = state_of(world)
    device = state.devices.get(body.selected_storage.automat_id)
    if device is None:
        raise Refused(ErrorCode.UNKNOWN_DEVICE)
    said = KeySettings(body.name, shared=body.shared)
    key = keys.add(world, device, body.id, said, inside=not body.away)
    note(key.id)
    return answer(201, shapes.key(state, key))


@blueprint.get(f"{KEYS}/<key_id>")
def show_one_key(key_id: str) -> Response:
    """Show a key."""
    world = current_world()
    return answer(200, shapes.key(state_of(world), _find(world, key_id)))


@blueprint.patch(f"{KEYS}/<key_id>")
def change_one_key(key_id: str) -> Response:
    """Change a key."""
    world, body = current_world(), read(KeyChange)
    key = _find(world, key_id)
    keys.change(world, key, KeySettings(body.name, shared=body.shared))
    return answer(200, shapes.key(state_of(world), key))


@blueprint.delete(f"{KEYS}/<key_id>")
def delete_one_key(key_id: str) -> Response:
    """Delete a key; one with contracts only if they are to go as well."""
    world, body = current_world(), read(KeyDeletion)
    key = _find(world, key_id)
    if key.contracts and not body.delete_active_contracts:
        return refusal(400, "the key has contracts")
    keys.remove(world, key)
    return answer(204)


def _find(world: World, key_id: str) -> Key:
    key = keys.find(world, key_id, None)
    note(key.id)
    return key
