"""Contracts: made, changed, given a new PIN, deleted.

Invariants: after every change of a contract its timers are set anew, its devices are
told, its contacts are notified and an event is sent, in this order. A contract is not
deleted while one of its keys is out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fakes.vendors.livionkey import delivery, notices, timers, webhooks
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.state import (
    NAME,
    Contract,
    Handover,
    State,
    quirk,
    state_of,
)
from fakes.vendors.livionkey.validation import Ask, Terms, check, fresh_pin

if TYPE_CHECKING:
    from fakes.kit.world import World


def find(world: World, contract_id: str) -> Contract:
    """Return a contract by its object id, deleted ones excepted."""
    contract = state_of(world).contracts.get(contract_id)
    if contract is None or contract.deleted:
        raise Refused(ErrorCode.UNKNOWN_CONTRACT)
    return contract


def make(world: World, terms: Terms) -> Contract:
    """Return a new contract, after its devices were told."""
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
        handovers=_handovers(world, terms),
        free_text=terms.free_text,
        frees_slot=terms.frees_slot or _fetch_frees(world, terms),
        verification=terms.verification,
        created_at=world.now,
    )
    state.contracts[contract.id] = contract
    state.references[contract.contract_id] = contract.id
    world.register_credential(NAME, f"public:{contract.hash}")
    _index(state, contract, set())
    _publish(world, contract, "created", set())
    return contract


def change(world: World, contract: Contract, terms: Terms) -> None:
    """Replace the terms of a contract as a whole."""
    check(world, replace(terms, before=contract))
    _refuse_to_leave_a_key_out(contract, terms)
    state = state_of(world)
    extended = contract.end != terms.end and (
        terms.end is None or terms.end > world.now
    )
    was = {handover.key for handover in contract.handovers}
    devices = {handover.device for handover in contract.handovers}
    contract.handovers = _handovers(world, terms, contract)
    contract.start, contract.end = terms.start, terms.end
    contract.person, contract.contacts = terms.person, terms.contacts
    contract.free_text = terms.free_text
    contract.verification = terms.verification
    if extended:
        timers.report_again(contract)
    _index(state, contract, was)
    _publish(world, contract, "updated", devices)


def renew_pin(world: World, contract: Contract) -> str:
    """Give a contract another PIN, one for all of its keys, and return it."""
    pin = fresh_pin(world, [handover.device for handover in contract.handovers])
    for handover in contract.handovers:
        handover.pin = pin
    _publish(world, contract, "updated", set())
    return pin


def cancel(
    world: World, contract: Contract, *, even_if_out: bool, notify: bool = False
) -> None:
    """Delete a contract: its codes end at each device that is told."""
    out = any(handover.status == "fetched" for handover in contract.handovers)
    if out and contract.kind == "default" and not even_if_out:
        raise Refused(ErrorCode.KEY_IS_OUT)
    remove(world, contract)
    delivery.sync_devices(world, {handover.device for handover in contract.handovers})
    if notify:
        notices.notify_contacts(world, contract, "cancelled")


def remove(world: World, contract: Contract) -> None:
    """Remove a contract from the cloud's record; its devices are not told here."""
    state = state_of(world)
    contract.deleted = True
    contract.turn += 1
    for handover in contract.handovers:
        if handover.key in state.keys:
            state.keys[handover.key].contracts.remove(contract.id)
    if quirk(world, "contract-id-after-delete") == "free":
        del state.references[contract.contract_id]


def asks_of(contract: Contract) -> tuple[Ask, ...]:
    """Return what a contract hands over now, PINs included."""
    return tuple(
        Ask(handover.device, handover.key, handover.pin)
        for handover in contract.handovers
    )


def _handovers(
    world: World, terms: Terms, before: Contract | None = None
) -> list[Handover]:
    """Return a leg for each key, once; those that were there before live on."""
    pin = None
    handovers: dict[str, Handover] = {}
    for ask in terms.asks:
        handover = before.handover_of(ask.key) if before else None
        if ask.pin is None and handover is None and pin is None:
            pin = fresh_pin(world, [each.device for each in terms.asks])
        handover = handover or Handover(ask.device, ask.key, pin or "")
        handover.pin = ask.pin or handover.pin
        handovers.setdefault(ask.key, handover)
    return list(handovers.values())


def _fetch_frees(world: World, terms: Terms) -> bool:
    return terms.kind == "fetch" and bool(quirk(world, "fetch-frees-locker"))


def _refuse_to_leave_a_key_out(contract: Contract, terms: Terms) -> None:
    stays = {ask.key for ask in terms.asks}
    if any(
        handover.status == "fetched" and handover.key not in stays
        for handover in contract.handovers
    ):
        raise Refused(ErrorCode.KEY_IS_FETCHED)


def _index(state: State, contract: Contract, was: set[str]) -> None:
    """Note at each key that this contract is one of its own."""
    now = {handover.key for handover in contract.handovers}
    for key in was - now:
        state.keys[key].contracts.remove(contract.id)
    for handover in contract.handovers:
        if handover.key not in was:
            state.keys[handover.key].contracts.append(contract.id)


def _publish(world: World, contract: Contract, what: str, devices: set[str]) -> None:
    timers.arm(world, contract)
    delivery.sync_devices(
        world, devices | {handover.device for handover in contract.handovers}
    )
    notices.notify_contacts(world, contract, what)
    webhooks.contract_update(world, contract)
