"""What the cloud makes of its devices' reports: legs, places of keys, events.

Law: a report is heard once, in the order in which things happened, with the time at
which they happened. The cloud judges by what it has heard: a key that came back while
the cabinet was offline is out for it until the cabinet is heard again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.cabinet import Cabinet
from fakes.vendors.livionkey import events, notices, timers
from fakes.vendors.livionkey.state import Contract, Device, Key, Leg, quirk, state_of

if TYPE_CHECKING:
    from fakes.doors.entrance import EntranceLine
    from fakes.doors.slotentry import Line
    from fakes.kit.world import World

PINCODE = "right-pincode"
CODE_TYPES = {
    "default": PINCODE,
    "fetch": PINCODE,
    "return": PINCODE,
    "static": "right-return-code",
    "access": "right-access-code",
}


def listen(world: World, device: Device) -> None:
    """Hear what a device has to report, if it has a connection."""
    door = state_of(world).door_of(device)
    if not door.online:
        return
    if isinstance(door, Cabinet):
        touched = [_hear(world, device, line) for line in door.hear_out()]
        for ref in dict.fromkeys(ref for refs in touched for ref in refs):
            timers.settle(world, state_of(world).contracts[ref])
        return
    for line in door.hear_out():
        if line.what == "entry":
            _hear_of_a_pass(world, device, line)


def _hear(world: World, device: Device, line: Line) -> list[str]:
    """Take over one report; return the contracts that it is about."""
    state = state_of(world)
    key = state.keys.get(line.key or "")
    if key is None or line.what == "opened":
        return []
    if line.what == "entry":
        _code_entered(world, device, key, line)
        return []
    contracts = state.contracts
    refs = [ref for ref in (line.holder, line.ref) if ref in contracts]
    if line.what == "taken":
        _fetched(world, key, line, contracts.get(line.ref or ""))
    else:
        _returned(world, key, line, [contracts[ref] for ref in dict.fromkeys(refs)])
    return refs


def _code_entered(world: World, device: Device, key: Key, line: Line) -> None:
    if line.kind == "backup" and line.code in key.backup:
        _spend(world, device, key, line.code)
    told = CODE_TYPES.get(line.kind) or quirk(world, "backup-code-event")
    if not told:
        return
    events.code_entered(
        world,
        device.id,
        line.at,
        codeType=told,
        code=line.code,
        lockerIndex=line.slot,
        keyId=key.id,
        **events.named(state_of(world).contracts.get(line.ref or "")),
    )


def _spend(world: World, device: Device, key: Key, code: str) -> None:
    if quirk(world, "backup-codes-spent") in {"all", device.product}:
        key.backup.remove(code)


def _hear_of_a_pass(world: World, device: Device, line: EntranceLine) -> None:
    told = CODE_TYPES[line.kind]
    events.code_entered(world, device.id, line.at, codeType=told, code=line.code)


def _fetched(world: World, key: Key, line: Line, contract: Contract | None) -> None:
    key.inside = False
    leg = contract.leg_of(key.id) if contract else None
    if leg:
        leg.status, leg.fetched_at, leg.overdue = "fetched", line.at, False
    events.key_status(world, key, "key-fetched", line.at, contract)
    if contract:
        key.locker = None if contract.frees_slot else key.locker
        notices.tell_contacts(world, contract, "fetched", key)


def _returned(world: World, key: Key, line: Line, contracts: list[Contract]) -> None:
    key.inside, key.locker = True, line.slot
    for each in contracts:
        leg = each.leg_of(key.id)
        if leg and _is_ended_by(leg, each, line):
            leg.status, leg.returned_at = "returned", line.at
    contract = _returner(contracts)
    by_code = line.kind == "static" and not quirk(world, "return-code-names-contract")
    named = None if by_code else contract
    events.key_status(world, key, "key-returned", line.at, named)
    if contract:
        notices.tell_contacts(world, contract, "returned", key)
    notices.tell_manager(world, contract, "returned", key)


def _returner(contracts: list[Contract]) -> Contract | None:
    """Return the contract that a return is told of as: one that is to return."""
    returning = (each for each in contracts if each.kind != "fetch")
    return next(returning, contracts[0] if contracts else None)


def _is_ended_by(leg: Leg, contract: Contract, line: Line) -> bool:
    """Whether a return is that of this leg: its own key, or the one it was to bring."""
    mine = contract.id == line.holder or contract.kind == "return"
    return mine and leg.status != "returned"
