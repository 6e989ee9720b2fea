"""What time does to a contract: reminders, and the keys that are missing at its end.

Invariants: grace and overdue delay are two things. A key that nobody fetched is
reported at the end; a key that is still out is reported once, at the end plus the delay
(LIV-05). Only the contract's own end counts, never a default checkout time (LIV-01). A
timer of an older version of the contract does nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fakes.vendors.livionkey import notices, webhooks
from fakes.vendors.livionkey.state import Contract, Handover, quirk, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fakes.kit.world import World


REMIND = "livionkey.remind"
END = "livionkey.end"
OVERDUE = "livionkey.overdue"


def arm(world: World, contract: Contract) -> None:
    """Set a contract's timers by what it is now; those set before are void."""
    contract.turn += 1
    for what, at in _reminders(world, contract):
        if at > world.now:
            world.call_at(at, REMIND, what=what, **_version(contract))
    if contract.end is not None:
        world.call_at(contract.end, END, **_version(contract))
        world.call_at(contract.end + _delay(world), OVERDUE, **_version(contract))


def rearm_all(world: World) -> None:
    """Set the timers of every contract again, after the settings have changed."""
    for contract in state_of(world).contracts.values():
        if not contract.deleted:
            arm(world, contract)


def report_again(contract: Contract) -> None:
    """Have a contract that got more time reported again at its new end."""
    for handover in contract.handovers:
        handover.missed = handover.overdue = False


def settle(world: World, contract: Contract) -> None:
    """Report a key that was fetched late, if it stays out."""
    for handover in contract.handovers:
        due = _due(world, contract, handover)
        if due and due <= world.now:
            _report_overdue(world, contract, handover)
        elif due and _was_fetched_late(contract, handover):
            world.call_at(due, OVERDUE, **_version(contract))


def remind(
    world: World, *, contract: str, turn: int, what: str
) -> Mapping[str, Any] | None:
    """Remind the contacts that a contract begins or ends soon."""
    found = _current(world, contract, turn)
    if found is None or all(
        handover.status == "returned" for handover in found.handovers
    ):
        return None
    notices.notify_contacts(world, found, what)
    return {"contract": found.contract_id, "reminder": what}


def end(world: World, *, contract: str, turn: int) -> Mapping[str, Any] | None:
    """Report the keys that nobody fetched."""
    found = _current(world, contract, turn)
    if found is None or found.kind == "return":
        return None
    missed = [
        handover
        for handover in found.handovers
        if handover.status == "waiting" and not handover.missed
    ]
    for handover in missed:
        handover.missed = True
        key = state_of(world).keys[handover.key]
        webhooks.key_status(world, key, "key-not-fetched", world.now, found)
    return {
        "contract": found.contract_id,
        "not_fetched": [handover.key for handover in missed],
    }


def overdue(world: World, *, contract: str, turn: int) -> Mapping[str, Any] | None:
    """Report the keys that are still out."""
    found = _current(world, contract, turn)
    if found is None:
        return None
    late = []
    for handover in found.handovers:
        due = _due(world, found, handover)
        if due and due <= world.now:
            late.append(handover.key)
            _report_overdue(world, found, handover)
    return {"contract": found.contract_id, "not_returned": late}


def _report_overdue(world: World, contract: Contract, handover: Handover) -> None:
    handover.overdue = True
    key = state_of(world).keys[handover.key]
    webhooks.key_status(world, key, "key-not-returned", world.now, contract)
    notices.notify_contacts(world, contract, "not-returned", key)
    notices.notify_manager(world, contract, "not-returned", key)


def _due(world: World, contract: Contract, handover: Handover) -> datetime | None:
    """Return when a leg is told of as overdue; never if there is nothing to tell."""
    awaited = {"default": "fetched", "return": "waiting"}.get(contract.kind)
    if (
        handover.status != awaited
        or handover.overdue
        or contract.deleted
        or not contract.end
    ):
        return None
    due = contract.end + _delay(world)
    if _was_fetched_late(contract, handover) and quirk(world, "grace-allows-fetch"):
        return max(due, state_of(world).closes(contract) or due)
    return due


def _was_fetched_late(contract: Contract, handover: Handover) -> bool:
    """Whether the key was fetched when the contract had ended already."""
    return bool(
        handover.fetched_at and contract.end and handover.fetched_at >= contract.end
    )


def _reminders(world: World, contract: Contract) -> list[tuple[str, datetime]]:
    before_start = timedelta(hours=quirk(world, "start-reminder-hours"))
    before_end = timedelta(hours=quirk(world, "end-reminder-hours"))
    reminders = [("starts", contract.start - before_start)]
    if contract.end:
        reminders.append(("ends", contract.end - before_end))
    return reminders


def _delay(world: World) -> timedelta:
    return timedelta(minutes=state_of(world).settings.overdue_delay_minutes)


def _version(contract: Contract) -> dict[str, Any]:
    return {"contract": contract.id, "turn": contract.turn}


def _current(world: World, contract: str, turn: int) -> Contract | None:
    found = state_of(world).contracts.get(contract)
    if found is None or found.deleted or found.turn != turn:
        return None
    return found
