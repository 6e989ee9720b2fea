"""Contracts: made, changed, given a new PIN, deleted.

Law: whatever is done to a contract, its timers are set anew, its devices are told,
its contacts hear of it and an event goes out, in this order. A contract is not
deleted while one of its keys is out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fakes.vendors.livionkey import events, notices, sync, timers
from fakes.vendors.livionkey.state import NAME, Contract, Leg, State, quirk, state_of
from fakes.vendors.livionkey.terms import Ask, Terms, check, fresh_pin
from fakes.vendors.livionkey.why import Refused, Why

if TYPE_CHECKING:
    from fakes.kit.world import World


def find(world: World, contract_id: str) -> Contract:
    """Return a contract by its object id, deleted ones excepted."""
    contract = state_of(world).contracts.get(contract_id)
    if contract is None or contract.deleted:
        raise Refused(Why.UNKNOWN_CONTRACT)
    return contract


def make(world: World, terms: Terms) -> Contract:
    """Return a new contract, of which its devices have been told."""
    check(world, terms)
    state = state_of(world)
    ref = world.ids.hex("livionkey.contract", 24)
    contract = Contract(
        id=ref,
        contract_id=terms.contract_id,
        hash=state.account.secret("public", ref).hex()[:32],
        kind=terms.kind,
        start=terms.start,
        end=terms.end,
        person=terms.person,
        contacts=terms.contacts,
        legs=_legs(world, terms),
        free_text=terms.free_text,
        frees_slot=terms.frees_slot or _fetch_frees(world, terms),
        verification=terms.verification,
        created_at=world.now,
    )
    state.contracts[contract.id] = contract
    state.references[contract.contract_id] = contract.id
    world.claim(NAME, f"public:{contract.hash}")
    _index(state, contract, set())
    _announce(world, contract, "created", set())
    return contract


def change(world: World, contract: Contract, terms: Terms) -> None:
    """Let a contract be something else, as a whole."""
    check(world, replace(terms, before=contract))
    _refuse_to_leave_a_key_out(contract, terms)
    state = state_of(world)
    extended = contract.end != terms.end and (
        terms.end is None or terms.end > world.now
    )
    was = {leg.key for leg in contract.legs}
    devices = {leg.device for leg in contract.legs}
    contract.legs = _legs(world, terms, contract)
    contract.start, contract.end = terms.start, terms.end
    contract.person, contract.contacts = terms.person, terms.contacts
    contract.free_text = terms.free_text
    contract.verification = terms.verification
    if extended:
        timers.forget_what_was_told(contract)
    _index(state, contract, was)
    _announce(world, contract, "updated", devices)


def renew_pin(world: World, contract: Contract) -> str:
    """Give a contract another PIN, one for all of its keys, and return it."""
    pin = fresh_pin(world, [leg.device for leg in contract.legs])
    for leg in contract.legs:
        leg.pin = pin
    _announce(world, contract, "updated", set())
    return pin


def cancel(
    world: World, contract: Contract, *, even_if_out: bool, tell: bool = False
) -> None:
    """Delete a contract: its codes are dead wherever a device hears of it."""
    out = any(leg.status == "fetched" for leg in contract.legs)
    if out and contract.kind == "default" and not even_if_out:
        raise Refused(Why.KEY_IS_OUT)
    remove(world, contract)
    sync.devices(world, {leg.device for leg in contract.legs})
    if tell:
        notices.tell_contacts(world, contract, "cancelled")


def remove(world: World, contract: Contract) -> None:
    """Let a contract be gone from the cloud's record; its devices know nothing yet."""
    state = state_of(world)
    contract.deleted = True
    contract.turn += 1
    for leg in contract.legs:
        if leg.key in state.keys:
            state.keys[leg.key].contracts.remove(contract.id)
    if quirk(world, "contract-id-after-delete") == "free":
        del state.references[contract.contract_id]


def asks_of(contract: Contract) -> tuple[Ask, ...]:
    """Return what a contract hands over now, PINs included."""
    return tuple(Ask(leg.device, leg.key, leg.pin) for leg in contract.legs)


def _legs(world: World, terms: Terms, before: Contract | None = None) -> list[Leg]:
    """Return a leg for each key, once; those that were there before live on."""
    pin = None
    legs: dict[str, Leg] = {}
    for ask in terms.asks:
        leg = before.leg_of(ask.key) if before else None
        if ask.pin is None and leg is None and pin is None:
            pin = fresh_pin(world, [each.device for each in terms.asks])
        leg = leg or Leg(ask.device, ask.key, pin or "")
        leg.pin = ask.pin or leg.pin
        legs.setdefault(ask.key, leg)
    return list(legs.values())


def _fetch_frees(world: World, terms: Terms) -> bool:
    return terms.kind == "fetch" and bool(quirk(world, "fetch-frees-locker"))


def _refuse_to_leave_a_key_out(contract: Contract, terms: Terms) -> None:
    stays = {ask.key for ask in terms.asks}
    if any(leg.status == "fetched" and leg.key not in stays for leg in contract.legs):
        raise Refused(Why.LEG_IS_OUT)


def _index(state: State, contract: Contract, was: set[str]) -> None:
    """Note at each key that this contract is one of its own."""
    now = {leg.key for leg in contract.legs}
    for key in was - now:
        state.keys[key].contracts.remove(contract.id)
    for leg in contract.legs:
        if leg.key not in was:
            state.keys[leg.key].contracts.append(contract.id)


def _announce(world: World, contract: Contract, what: str, devices: set[str]) -> None:
    timers.arm(world, contract)
    sync.devices(world, devices | {leg.device for leg in contract.legs})
    notices.tell_contacts(world, contract, what)
    events.contract_update(world, contract)
