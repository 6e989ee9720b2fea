"""What a contract may be: its window, its keys, its PINs; all refusals in one order.

Invariants: a private key has one contract at any moment, ends exclusive; a shared key
has any number. A PIN belongs to one contract of a device as long as that contract's
code still does anything, its grace included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from fakes.doors.lockclock import zone
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.state import Contact, Contract, State, quirk, state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.kit.world import World


REFERENCE = re.compile(r"[\w/.-]+", re.ASCII)
PIN = re.compile(r"\d{4,9}", re.ASCII)
KINDS = ("default", "fetch", "return")


class Ask(NamedTuple):
    """One key that a contract is to hand over; without a PIN the cloud makes one."""

    device: str
    key: str
    pin: str | None = None


@dataclass(frozen=True)
class Terms:
    """What a contract is to be, whole; `before` is what it was until now."""

    contract_id: str
    asks: tuple[Ask, ...]
    start: datetime
    end: datetime | None
    person: str
    contacts: list[Contact]
    kind: str = "default"
    free_text: str | None = None
    frees_slot: bool = False
    verification: str = "0"
    before: Contract | None = None


class Case(NamedTuple):
    """Terms before the cloud."""

    world: World
    state: State
    terms: Terms


def _unknown_key(case: Case) -> bool:
    keys = case.state.keys
    return any(
        ask.key not in keys or keys[ask.key].device != ask.device
        for ask in case.terms.asks
    )


def _bad_reference(case: Case) -> bool:
    return not REFERENCE.fullmatch(case.terms.contract_id)


def _reference_taken(case: Case) -> bool:
    owner = case.state.references.get(case.terms.contract_id)
    return owner is not None and owner != getattr(case.terms.before, "id", None)


def _bad_type(case: Case) -> bool:
    return case.terms.kind not in KINDS


def _bad_pin(case: Case) -> bool:
    return any(ask.pin and not PIN.fullmatch(ask.pin) for ask in case.terms.asks)


def _backwards(case: Case) -> bool:
    return case.terms.end is not None and case.terms.end <= case.terms.start


def _past(case: Case) -> bool:
    before = case.terms.before
    if before and (  # a start that stays as it was may lie behind
        before.start == case.terms.start
        or quirk(case.world, "changed-start") == "accepted"
    ):
        return False
    tolerance = timedelta(seconds=quirk(case.world, "future-tolerance-seconds"))
    return case.terms.start < case.world.now - tolerance


def _overlap(case: Case) -> bool:
    terms, keys = case.terms, (case.state.keys[ask.key] for ask in case.terms.asks)
    private = (key for key in keys if not key.shared)
    return any(
        each.overlaps(terms.start, terms.end)
        for each in case.state.contracts_of(*private)
        if each is not terms.before
    )


def _pin_taken(case: Case) -> bool:
    return any(
        ask.pin in pins_of(case.world, ask.device, but=case.terms.before)
        for ask in case.terms.asks
        if ask.pin
    )


REFUSALS: tuple[tuple[ErrorCode, Callable[[Case], bool]], ...] = (
    (ErrorCode.BAD_REFERENCE, _bad_reference),
    (ErrorCode.REFERENCE_TAKEN, _reference_taken),
    (ErrorCode.UNKNOWN_KEY, _unknown_key),
    (ErrorCode.BAD_TYPE, _bad_type),
    (ErrorCode.BACKWARDS, _backwards),
    (ErrorCode.PAST, _past),
    (ErrorCode.OVERLAP, _overlap),
    (ErrorCode.BAD_PIN, _bad_pin),
    (ErrorCode.PIN_TAKEN, _pin_taken),
)


def check(world: World, terms: Terms) -> None:
    """Return if a contract may be this; Refused for the first reason that holds."""
    case = Case(world, state_of(world), terms)
    for error, holds in REFUSALS:
        if holds(case):
            raise Refused(error)


def pins_of(world: World, device: str, *, but: Contract | None = None) -> set[str]:
    """Return the PINs that still do anything at a device, but those of a contract."""
    state = state_of(world)
    return {
        handover.pin
        for each in state.contracts_of(*state.keys_of(device))
        if each is not but and _is_open(state, each, world.now)
        for handover in each.handovers
        if handover.device == device
    }


def fresh_pin(world: World, devices: list[str]) -> str:
    """Return a PIN that is free at these devices."""
    taken = {pin for device in devices for pin in pins_of(world, device)}
    size = int(quirk(world, "pin-digits"))
    while True:
        pin = world.ids.digits("livionkey.pin", size)
        if pin not in taken:
            return pin


def default_end(world: World, device: str, start: datetime) -> datetime | None:
    """Return the first default checkout after a start, if there is such a time.

    It counts only for a contract that names no end of its own (LIV-01).
    """
    state = state_of(world)
    if not state.settings.default_checkout_time or device not in state.devices:
        return None
    at = time.fromisoformat(state.settings.default_checkout_time)
    place = zone(state.door_of(state.devices[device]).timezone)
    today: date = start.astimezone(place).date()
    days = (today, today + timedelta(days=1))
    checkouts = (
        datetime.combine(day, at, place).astimezone(start.tzinfo) for day in days
    )
    return next(checkout for checkout in checkouts if checkout > start)


def _is_open(state: State, contract: Contract, now: datetime) -> bool:
    closes = state.closes(contract)
    return closes is None or now < closes
