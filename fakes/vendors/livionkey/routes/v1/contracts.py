"""Contracts in the older interface, and the public links to them.

Invariants: every update gives `devices`. An end that is given wins over `perm` and over
the default checkout (LIV-01). A link opens on a plain GET, but the cabinet decides as
it would at the keypad.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from flask import request

from fakes.doors.keycode import CodeMeaning
from fakes.kit.answers import answers
from fakes.kit.dispatch import answer, current_world, note
from fakes.vendors.livionkey import contracts
from fakes.vendors.livionkey.auth import signed_in
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.routes.v1 import blueprint, body, text
from fakes.vendors.livionkey.schemas import shapes, v1
from fakes.vendors.livionkey.schemas.v1 import flag, instant, said
from fakes.vendors.livionkey.state import Contract, quirk, state_of
from fakes.vendors.livionkey.validation import Ask, Terms, default_end

if TYPE_CHECKING:
    from datetime import datetime

    from werkzeug import Response

    from fakes.doors.cabinet import Cabinet
    from fakes.kit.world import World
    from fakes.vendors.livionkey.schemas.v1 import Fields


PUBLIC_LINK = "/contracts/public/<contract_id>/<hash_>"
FAILED = "Internal Server Error"


@blueprint.post("/contracts")
@answers(shapes.MadeShape)
def make_contract() -> Response:
    """Make a contract."""
    world, fields = signed_in(), _body()
    made = contracts.make(world, _terms(world, fields))
    note(made.contract_id)
    return answer(200, {"id": made.id, "pincode": made.handovers[0].pin})


@blueprint.get("/contracts/<contract_id>")
@answers(shapes.ContractShape)
def show_contract(contract_id: str) -> Response:
    """Show a contract."""
    world = signed_in()
    return answer(200, v1.contract(state_of(world), _find(world, contract_id)))


@blueprint.post("/contracts/<contract_id>")
@answers(str)
def change_contract(contract_id: str) -> Response:
    """Change a contract; a field that is left out stays as it is."""
    world, fields = signed_in(), _body()
    contract = _find(world, contract_id)
    contracts.change(world, contract, _changed(fields, contract))
    return text("Contract updated")


@blueprint.post("/contracts/<contract_id>/pincode")
@answers(shapes.PinShape)
def renew_pin(contract_id: str) -> Response:
    """Give a contract another PIN."""
    world, fields = signed_in(), body()
    v1.devices(fields)
    return answer(
        200, {"pincode": contracts.renew_pin(world, _find(world, contract_id))}
    )


@blueprint.delete("/contracts/<contract_id>")
@answers(str)
def delete_contract(contract_id: str) -> Response:
    """Delete a contract; with `cancellation=true` its contacts are notified."""
    world = signed_in()
    notify = flag(request.args.get("cancellation"))
    even = quirk(world, "delete-with-key-out") == "allowed"
    contract = _find(world, contract_id)
    contracts.cancel(world, contract, even_if_out=even, notify=notify)
    return text("Contract deleted successfully")


def _find(world: World, contract_id: str) -> Contract:
    contract = contracts.find(world, contract_id)
    note(contract.contract_id)
    return contract


def _body() -> Fields:
    fields = body()
    if not fields:
        raise Refused(ErrorCode.NO_PARAMETERS)
    return fields


def _terms(world: World, fields: Fields) -> Terms:
    contract_id = v1.needed(fields, "contractId", ErrorCode.NO_CONTRACT_ID)
    asks = _asks(fields, said(fields, "pincode"))
    kind = said(fields, "type") or "default"
    if kind == "return" and "start" not in fields:
        start = world.now
    else:
        start = v1.needed_instant(fields, "start", ErrorCode.NO_START)
    return Terms(
        contract_id=contract_id,
        asks=asks,
        start=start,
        person=v1.needed(fields, "person", ErrorCode.NO_PERSON),
        contacts=v1.contacts(fields),
        end=_end(world, fields, asks[0].device, start, kind),
        kind=kind,
        free_text=said(fields, "freeText"),
    )


def _end(
    world: World, fields: Fields, device: str, start: datetime, kind: str
) -> datetime | None:
    end = instant(fields.get("end"))
    if end or flag(fields.get("perm")):
        return end
    end = default_end(world, device, start)
    if end is None and kind != "fetch":
        raise Refused(ErrorCode.NO_END)
    return end


def _changed(fields: Fields, contract: Contract) -> Terms:
    """Return what a contract is to be, from what it is and what is said."""
    pin = said(fields, "pincode") or contract.handovers[0].pin
    end = instant(fields.get("end"))
    if end is None and not flag(fields.get("perm")):
        end = contract.end
    return Terms(
        contract_id=contract.contract_id,
        asks=_asks(fields, pin),
        start=instant(fields.get("start")) or contract.start,
        end=end,
        person=said(fields, "person") or contract.person,
        contacts=(v1.contacts(fields) if "contacts" in fields else contract.contacts),
        kind=contract.kind,
        free_text=said(fields, "freeText") or contract.free_text,
        frees_slot=contract.frees_slot,
        verification=contract.verification,
    )


def _asks(fields: Fields, pin: str | None) -> tuple[Ask, ...]:
    return tuple(
        Ask(str(each["id"]), v1.needed(each, "keyId", ErrorCode.NO_KEY_ID), pin)
        for each in v1.devices(fields)
    )


@blueprint.get(PUBLIC_LINK)
@answers(shapes.PublicShape)
def show_public(contract_id: str, hash_: str) -> Response:
    """Show a contract without its contacts."""
    world = current_world()
    return answer(
        200, v1.public(state_of(world), _find_public(world, contract_id, hash_))
    )


@blueprint.get(f"{PUBLIC_LINK}/key/<key_id>/opendoor")
@answers(str)
def open_public(contract_id: str, hash_: str, key_id: str) -> Response:
    """Open the slot of a contract's key, as its PIN would."""
    world = current_world()
    contract = _find_public(world, contract_id, hash_)
    cabinet = _public_cabinet(world, contract, key_id)
    meaning = (
        _meaning(cabinet, contract, key_id) if cabinet and cabinet.connected else None
    )
    decision = cabinet.weigh(meaning, world.now) if cabinet and meaning else None
    if not cabinet or not meaning or not decision or decision.slot is None:
        return text(FAILED, 500)
    seconds = quirk(world, "open-seconds")
    cabinet.open(decision.slot, meaning, world.now, seconds)
    return text("ok")


@blueprint.get(f"{PUBLIC_LINK}/key/<key_id>/opendoor-cancel")
@answers(str)
def cancel_public(contract_id: str, hash_: str, key_id: str) -> Response:
    """Push shut what the link has opened."""
    world = current_world()
    cabinet = _public_cabinet(world, _find_public(world, contract_id, hash_), key_id)
    slot = cabinet.key_slots.door_of(key_id) if cabinet and cabinet.connected else None
    if not cabinet or slot is None:
        return text(FAILED, 500)
    cabinet.close(slot)
    return text("ok")


def _find_public(world: World, contract_id: str, hash_: str) -> Contract:
    contract = contracts.find(world, contract_id)
    note(contract.contract_id)
    if not hmac.compare_digest(contract.hash.encode(), hash_.encode()):
        raise Refused(ErrorCode.UNKNOWN_CONTRACT)
    return contract


def _public_cabinet(world: World, contract: Contract, key_id: str) -> Cabinet | None:
    handover, state = contract.handover_of(key_id), state_of(world)
    return state.cabinet_of(state.devices[handover.device]) if handover else None


def _meaning(cabinet: Cabinet, contract: Contract, key_id: str) -> CodeMeaning | None:
    """Return what the cabinet itself knows of the contract."""
    for grant in cabinet.memory.grants:
        if grant.ref == contract.id and grant.key == key_id:
            return CodeMeaning(grant.kind, key_id, grant.ref, grant)
    return None
