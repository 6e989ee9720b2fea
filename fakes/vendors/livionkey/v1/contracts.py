"""Contracts of the older interface; `:id` in a path is the object id.

Invariants: `devices` is given with every update. An end that is given wins over `perm`
and over any default checkout time (LIV-01).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from fakes.kit.call import answer, note
from fakes.vendors.livionkey import contracts
from fakes.vendors.livionkey.auth import signed_in
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.state import Contract, quirk, state_of
from fakes.vendors.livionkey.terms import Ask, Terms, default_end
from fakes.vendors.livionkey.v1 import people, shapes
from fakes.vendors.livionkey.wire import blueprint, body, flag, instant, said, text

if TYPE_CHECKING:
    from datetime import datetime

    from werkzeug import Response

    from fakes.kit.world import World
    from fakes.vendors.livionkey.v1.people import Fields


@blueprint.post("/contracts")
def make_contract() -> Response:
    """Make a contract."""
    world, fields = signed_in(), _body()
    made = contracts.make(world, _terms(world, fields))
    note(made.contract_id)
    return answer(200, {"id": made.id, "pincode": made.handovers[0].pin})


@blueprint.get("/contracts/<contract_id>")
def show_contract(contract_id: str) -> Response:
    """Show a contract."""
    world = signed_in()
    return answer(200, shapes.contract(state_of(world), _find(world, contract_id)))


@blueprint.post("/contracts/<contract_id>")
def change_contract(contract_id: str) -> Response:
    """Change a contract; what is not said stays."""
    world, fields = signed_in(), _body()
    contract = _find(world, contract_id)
    contracts.change(world, contract, _changed(fields, contract))
    return text("Contract updated")


@blueprint.post("/contracts/<contract_id>/pincode")
def renew_pin(contract_id: str) -> Response:
    """Give a contract another PIN."""
    world, fields = signed_in(), body()
    people.devices(fields)
    return answer(
        200, {"pincode": contracts.renew_pin(world, _find(world, contract_id))}
    )


@blueprint.delete("/contracts/<contract_id>")
def delete_contract(contract_id: str) -> Response:
    """Delete a contract; `cancellation=true` tells its contacts."""
    world = signed_in()
    tell = flag(request.args.get("cancellation"))
    even = quirk(world, "delete-with-key-out") == "allowed"
    contract = _find(world, contract_id)
    contracts.cancel(world, contract, even_if_out=even, tell=tell)
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
    contract_id = people.needed(fields, "contractId", ErrorCode.NO_CONTRACT_ID)
    asks = _asks(fields, said(fields, "pincode"))
    kind = said(fields, "type") or "default"
    if kind == "return" and "start" not in fields:
        start = world.now
    else:
        start = people.needed_instant(fields, "start", ErrorCode.NO_START)
    return Terms(
        contract_id=contract_id,
        asks=asks,
        start=start,
        person=people.needed(fields, "person", ErrorCode.NO_PERSON),
        contacts=people.contacts(fields),
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
        contacts=(
            people.contacts(fields) if "contacts" in fields else contract.contacts
        ),
        kind=contract.kind,
        free_text=said(fields, "freeText") or contract.free_text,
        frees_slot=contract.frees_slot,
        verification=contract.verification,
    )


def _asks(fields: Fields, pin: str | None) -> tuple[Ask, ...]:
    return tuple(
        Ask(str(each["id"]), people.needed(each, "keyId", ErrorCode.NO_KEY_ID), pin)
        for each in people.devices(fields)
    )
