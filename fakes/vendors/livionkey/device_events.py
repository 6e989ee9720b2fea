"""What the cloud makes of its devices' reports: handovers, places of keys, alarms.

Invariants: a report is read once, in the order in which things happened, with the time
at which they happened. The cloud decides by the reports that it has: a key that came
back while the cabinet was offline is out until the cabinet reports again. An alarm is
raised once and cleared once. The cloud itself notices a lost connection; everything
else the device reports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.cabinet import Cabinet
from fakes.vendors.livionkey import notices, timers, webhooks
from fakes.vendors.livionkey.state import (
    Contract,
    Device,
    Handover,
    Key,
    quirk,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.doors.cabinet import CabinetLogEntry
    from fakes.doors.entrance import Entrance, EntranceLogEntry
    from fakes.kit.world import World


PINCODE = "right-pincode"
CODE_TYPES = {
    "default": PINCODE,
    "fetch": PINCODE,
    "return": PINCODE,
    "static": "right-return-code",
    "access": "right-access-code",
}
LOW_BATTERY = 15  # percent
DISCONNECTED = "DEVICE_DISCONNECTED"
# Each alarm, and when it holds for a cabinet or keypad
ALARMS: tuple[tuple[str, Callable[[Cabinet | Entrance], bool]], ...] = (
    (DISCONNECTED, lambda door: not door.connected),
    ("DEVICE_LOW_POWER", lambda door: door.battery < LOW_BATTERY),
    ("DEVICE_POWER_DISCONNECTED", lambda door: "power" in door.troubles),
    ("DEVICE_MOVED", lambda door: "moved" in door.troubles),
    ("DEVICE_ERROR", lambda door: "error" in door.troubles),
    ("DEVICE_WIFI_OFFLINE", lambda door: "wifi" in door.troubles),
)


def collect(world: World, device: Device) -> None:
    """Hear what a device has to report, if it has a connection."""
    door = state_of(world).door_of(device)
    if not door.connected:
        return
    if isinstance(door, Cabinet):
        touched = [_apply(world, device, entry) for entry in door.drain_events()]
        for ref in dict.fromkeys(ref for refs in touched for ref in refs):
            timers.settle(world, state_of(world).contracts[ref])
        return
    for entry in door.drain_events():
        if entry.what == "entry":
            _apply_pass(world, device, entry)


def _apply(world: World, device: Device, entry: CabinetLogEntry) -> list[str]:
    """Take over one report; return the contracts that it is about."""
    state = state_of(world)
    key = state.keys.get(entry.key or "")
    if key is None or entry.what == "opened":
        return []
    if entry.what == "entry":
        _code_entered(world, device, key, entry)
        return []
    contracts = state.contracts
    refs = [ref for ref in (entry.holder, entry.ref) if ref in contracts]
    if entry.what == "taken":
        _fetched(world, key, entry, contracts.get(entry.ref or ""))
    else:
        _returned(world, key, entry, [contracts[ref] for ref in dict.fromkeys(refs)])
    return refs


def _code_entered(
    world: World, device: Device, key: Key, entry: CabinetLogEntry
) -> None:
    if entry.kind == "backup" and entry.code in key.backup:
        _spend(world, device, key, entry.code)
    code_type = CODE_TYPES.get(entry.kind) or quirk(world, "backup-code-event")
    if not code_type:
        return
    webhooks.code_entered(
        world,
        device.id,
        entry.at,
        codeType=code_type,
        code=entry.code,
        lockerIndex=entry.slot,
        keyId=key.id,
        **webhooks.named(state_of(world).contracts.get(entry.ref or "")),
    )


def _spend(world: World, device: Device, key: Key, code: str) -> None:
    if quirk(world, "backup-codes-spent") in {"all", device.product}:
        key.backup.remove(code)


def _apply_pass(world: World, device: Device, entry: EntranceLogEntry) -> None:
    code_type = CODE_TYPES[entry.kind]
    webhooks.code_entered(
        world, device.id, entry.at, codeType=code_type, code=entry.code
    )


def _fetched(
    world: World, key: Key, entry: CabinetLogEntry, contract: Contract | None
) -> None:
    key.inside = False
    handover = contract.handover_of(key.id) if contract else None
    if handover:
        handover.status, handover.fetched_at, handover.overdue = (
            "fetched",
            entry.at,
            False,
        )
    webhooks.key_status(world, key, "key-fetched", entry.at, contract)
    if contract:
        key.locker = None if contract.frees_slot else key.locker
        notices.notify_contacts(world, contract, "fetched", key)


def _returned(
    world: World, key: Key, entry: CabinetLogEntry, contracts: list[Contract]
) -> None:
    key.inside, key.locker = True, entry.slot
    for each in contracts:
        handover = each.handover_of(key.id)
        if handover and _is_ended_by(handover, each, entry):
            handover.status, handover.returned_at = "returned", entry.at
    contract = _returner(contracts)
    by_code = entry.kind == "static" and not quirk(world, "return-code-names-contract")
    named = None if by_code else contract
    webhooks.key_status(world, key, "key-returned", entry.at, named)
    if contract:
        notices.notify_contacts(world, contract, "returned", key)
    notices.notify_manager(world, contract, "returned", key)


def _returner(contracts: list[Contract]) -> Contract | None:
    """Return the contract that a return is reported with: one that is to return."""
    returning = (each for each in contracts if each.kind != "fetch")
    return next(returning, contracts[0] if contracts else None)


def _is_ended_by(
    handover: Handover, contract: Contract, entry: CabinetLogEntry
) -> bool:
    """Whether a return is that of this leg: its own key, or the one it was to bring."""
    mine = contract.id == entry.holder or contract.kind == "return"
    return mine and handover.status != "returned"


def check(world: World, device: Device) -> None:
    """Raise the alarms that hold now, and clear those that hold no longer."""
    door = state_of(world).door_of(device)
    for alarm, holds in ALARMS:
        if alarm != DISCONNECTED and not door.connected:
            continue
        since = device.alarms.get(alarm)
        if holds(door) and since is None:
            device.alarms[alarm] = world.now
            webhooks.device_alarm(world, device, alarm, world.now, None)
        elif since is not None and not holds(door):
            del device.alarms[alarm]
            webhooks.device_alarm(world, device, alarm, since, world.now)
            device.acknowledged = [n for n in device.acknowledged if n != alarm]


def acknowledge(world: World, device: Device, alarm: str) -> bool:
    """Note that somebody has seen to an alarm, and send it; False if there is none."""
    since = device.alarms.get(alarm)
    if since is None:
        return False
    if alarm not in device.acknowledged:
        device.acknowledged.append(alarm)
        webhooks.device_alarm(world, device, alarm, since, None)
    return True
