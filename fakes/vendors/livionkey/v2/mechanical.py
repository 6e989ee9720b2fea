"""Keys of the newer interface; only those that belong to an automat are modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from fakes.kit.call import answer, current_world, note
from fakes.vendors.livionkey import keys
from fakes.vendors.livionkey.keys import KeyWish
from fakes.vendors.livionkey.state import Key, state_of
from fakes.vendors.livionkey.v2 import shapes
from fakes.vendors.livionkey.v2.wire import Wish, blueprint, page, read, refusal
from fakes.vendors.livionkey.why import Refused, Why

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.world import World

KEYS = "/mechanical/keys"
IN_DEVICES = "1"


class Storage(Wish):
    """Where a key belongs."""

    automat_id: str


class NewKey(Wish):
    """What a key is to be."""

    id: str
    selected_storage: Storage
    away: bool
    name: str | None = None
    shared: bool | None = None


class KeyChange(Wish):
    """What is to be changed of a key."""

    name: str | None = None
    shared: bool | None = None


class KeyDeletion(Wish):
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
    world, wish = current_world(), read(NewKey)
    state = state_of(world)
    device = state.devices.get(wish.selected_storage.automat_id)
    if device is None:
        raise Refused(Why.UNKNOWN_DEVICE)
    said = KeyWish(wish.name, shared=wish.shared)
    key = keys.add(world, device, wish.id, said, inside=not wish.away)
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
    world, wish = current_world(), read(KeyChange)
    key = _find(world, key_id)
    keys.change(world, key, KeyWish(wish.name, shared=wish.shared))
    return answer(200, shapes.key(state_of(world), key))


@blueprint.delete(f"{KEYS}/<key_id>")
def delete_one_key(key_id: str) -> Response:
    """Delete a key; one with contracts only if they are to go as well."""
    world, wish = current_world(), read(KeyDeletion)
    key = _find(world, key_id)
    if key.contracts and not wish.delete_active_contracts:
        return refusal(400, "the key has contracts")
    keys.remove(world, key)
    return answer(204)


def _find(world: World, key_id: str) -> Key:
    key = keys.find(world, key_id, None)
    note(key.id)
    return key
