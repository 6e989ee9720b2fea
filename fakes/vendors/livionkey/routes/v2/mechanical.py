"""Keys and key contracts of automats in the newer interface.

Invariants: a contract is not deleted while one of its keys is out, whatever the older
interface may do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from fakes.kit.answers import answers
from fakes.kit.dispatch import answer, current_world, note
from fakes.vendors.livionkey import contracts, keys
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.keys import KeySettings
from fakes.vendors.livionkey.routes.v2 import blueprint, page, read, refusal
from fakes.vendors.livionkey.schemas import v2
from fakes.vendors.livionkey.schemas.v2 import (
    ContractChange,
    KeyChange,
    KeyDeletion,
    NewContract,
    NewKey,
)
from fakes.vendors.livionkey.state import Contract, Key, State, state_of
from fakes.vendors.livionkey.validation import Ask, Terms

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.world import World
    from fakes.vendors.livionkey.schemas.v2 import KeyAsk


KEY_CONTRACTS = "/mechanical/keycontracts"
KEYS = "/mechanical/keys"
IN_DEVICES = "1"
PHASES = {"future", "ongoing", "ended"}


@blueprint.get(KEY_CONTRACTS)
@answers(v2.Page[v2.KeyContractShape])
def list_contracts() -> Response:
    """List contracts, those of some phases if any is asked for."""
    world = current_world()
    wanted = {each for each in PHASES if request.args.get(each) == "true"}
    return page(
        v2.contract(each)
        for each in state_of(world).contracts.values()
        if not each.deleted and each.phase(world.now) in (wanted or PHASES)
    )


@blueprint.post(KEY_CONTRACTS)
@answers(v2.KeyContractShape, 201)
def make_contract() -> Response:
    """Make a contract."""
    world, body = current_world(), read(NewContract)
    state = state_of(world)
    terms = Terms(
        contract_id=body.id or world.ids.hex("livionkey.reference", 24),
        asks=tuple(_ask(state, each) for each in body.keys),
        start=body.start,
        end=body.end,
        person=body.contact.name,
        contacts=[body.contact.contact()],
        frees_slot=bool(body.free_locker_after_fetch),
        verification=body.user_verification or "0",
    )
    made = contracts.make(world, terms)
    note(made.contract_id)
    return answer(201, v2.contract(made))


@blueprint.get(f"{KEY_CONTRACTS}/<reference>")
@answers(v2.KeyContractShape)
def show_contract(reference: str) -> Response:
    """Show a contract."""
    return answer(200, v2.contract(_find_contract(current_world(), reference)))


@blueprint.patch(f"{KEY_CONTRACTS}/<reference>")
@answers(v2.KeyContractShape)
def change_contract(reference: str) -> Response:
    """Change a contract; its verification only while no key was fetched."""
    world, body = current_world(), read(ContractChange)
    contract = _find_contract(world, reference)
    fetched = any(handover.fetched_at for handover in contract.handovers)
    if body.user_verification and fetched:
        return refusal(400, "verification cannot be changed: a key was fetched")
    contracts.change(world, contract, _changed(body, contract))
    return answer(200, v2.contract(contract))


@blueprint.delete(f"{KEY_CONTRACTS}/<reference>")
@answers(None)
def delete_contract(reference: str) -> Response:
    """Delete a contract of which no key is out."""
    world = current_world()
    contracts.cancel(world, _find_contract(world, reference), even_if_out=False)
    return answer(204)


def _find_contract(world: World, reference: str) -> Contract:
    state = state_of(world)
    contract = contracts.find(world, state.references.get(reference, ""))
    note(contract.contract_id)
    return contract


def _ask(state: State, body: KeyAsk) -> Ask:
    key = state.keys.get(body.id)
    place = body.storage_info
    if key is None or place.automat_id not in {None, key.device}:
        raise Refused(ErrorCode.UNKNOWN_KEY)
    return Ask(key.device, key.id, place.pincode)


def _changed(body: ContractChange, contract: Contract) -> Terms:
    """Return what a contract is to be, from what it is and what is said."""
    said: dict[str, Any] = body.model_dump(exclude_unset=True)
    return Terms(
        contract_id=contract.contract_id,
        asks=contracts.asks_of(contract),
        start=body.start or contract.start,
        end=body.end if "end" in said else contract.end,
        person=body.contact.name if body.contact else contract.person,
        contacts=[body.contact.contact()] if body.contact else contract.contacts,
        kind=contract.kind,
        free_text=contract.free_text,
        frees_slot=contract.frees_slot,
        verification=body.user_verification or contract.verification,
    )


@blueprint.get(KEYS)
@answers(v2.Page[v2.AutomatKeyShape])
def list_keys() -> Response:
    """List keys, of one automat if one is named, or by a word in id or name."""
    state = state_of(current_world())
    automat, word = request.args.get("automatId"), request.args.get("search", "")
    in_devices = request.args.get("selectedStorage", IN_DEVICES) == IN_DEVICES
    return page(
        v2.key(state, each)
        for each in state.keys.values()
        if in_devices
        and automat in {None, each.device}
        and word.lower() in f"{each.id} {each.name}".lower()
    )


@blueprint.post(KEYS)
@answers(v2.AutomatKeyShape, 201)
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
    return answer(201, v2.key(state, key))


@blueprint.get(f"{KEYS}/<key_id>")
@answers(v2.AutomatKeyShape)
def show_one_key(key_id: str) -> Response:
    """Show a key."""
    world = current_world()
    return answer(200, v2.key(state_of(world), _find_key(world, key_id)))


@blueprint.patch(f"{KEYS}/<key_id>")
@answers(v2.AutomatKeyShape)
def change_one_key(key_id: str) -> Response:
    """Change a key."""
    world, body = current_world(), read(KeyChange)
    key = _find_key(world, key_id)
    keys.change(world, key, KeySettings(body.name, shared=body.shared))
    return answer(200, v2.key(state_of(world), key))


@blueprint.delete(f"{KEYS}/<key_id>")
@answers(None)
def delete_one_key(key_id: str) -> Response:
    """Delete a key; one with contracts only if they are to go as well."""
    world, body = current_world(), read(KeyDeletion)
    key = _find_key(world, key_id)
    if key.contracts and not body.delete_active_contracts:
        return refusal(400, "the key has contracts")
    keys.remove(world, key)
    return answer(204)


def _find_key(world: World, key_id: str) -> Key:
    key = keys.find(world, key_id, None)
    note(key.id)
    return key
