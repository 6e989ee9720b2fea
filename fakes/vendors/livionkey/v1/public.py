"""A contract's public link: shown, and opened, by whoever has it, without a login.

Invariants: the link opens on a plain GET, but what opens is decided as at the keypad.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from fakes.doors.keycode import CodeMeaning
from fakes.kit.call import answer, current_world, note
from fakes.vendors.livionkey import contracts
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.state import Contract, quirk, state_of
from fakes.vendors.livionkey.v1 import shapes
from fakes.vendors.livionkey.wire import blueprint, text

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.doors.cabinet import Cabinet
    from fakes.kit.world import World

LINK = "/contracts/public/<contract_id>/<hash_>"
FAILED = "Internal Server Error"


@blueprint.get(LINK)
def show_public(contract_id: str, hash_: str) -> Response:
    """Show a contract without its contacts."""
    world = current_world()
    return answer(200, shapes.public(state_of(world), _find(world, contract_id, hash_)))


@blueprint.get(f"{LINK}/key/<key_id>/opendoor")
def open_public(contract_id: str, hash_: str, key_id: str) -> Response:
    """Let the slot of a contract's key spring open, as its PIN would."""
    world = current_world()
    contract = _find(world, contract_id, hash_)
    cabinet = _cabinet(world, contract, key_id)
    meaning = (
        _meaning(cabinet, contract, key_id) if cabinet and cabinet.online else None
    )
    decision = cabinet.weigh(meaning, world.now) if cabinet and meaning else None
    if not cabinet or not meaning or not decision or decision.slot is None:
        return text(FAILED, 500)
    seconds = quirk(world, "open-seconds")
    cabinet.open(decision.slot, meaning, world.now, seconds)
    return text("ok")


@blueprint.get(f"{LINK}/key/<key_id>/opendoor-cancel")
def cancel_public(contract_id: str, hash_: str, key_id: str) -> Response:
    """Push shut what the link has opened."""
    world = current_world()
    cabinet = _cabinet(world, _find(world, contract_id, hash_), key_id)
    slot = cabinet.key_slots.door_of(key_id) if cabinet and cabinet.online else None
    if not cabinet or slot is None:
        return text(FAILED, 500)
    cabinet.close(slot)
    return text("ok")


def _find(world: World, contract_id: str, hash_: str) -> Contract:
    contract = contracts.find(world, contract_id)
    note(contract.contract_id)
    if not hmac.compare_digest(contract.hash.encode(), hash_.encode()):
        raise Refused(ErrorCode.UNKNOWN_CONTRACT)
    return contract


def _cabinet(world: World, contract: Contract, key_id: str) -> Cabinet | None:
    handover, state = contract.handover_of(key_id), state_of(world)
    return state.cabinet_of(state.devices[handover.device]) if handover else None


def _meaning(cabinet: Cabinet, contract: Contract, key_id: str) -> CodeMeaning | None:
    """Return what the cabinet itself knows of the contract."""
    for grant in cabinet.memory.grants:
        if grant.ref == contract.id and grant.key == key_id:
            return CodeMeaning(grant.kind, key_id, grant.ref, grant)
    return None
