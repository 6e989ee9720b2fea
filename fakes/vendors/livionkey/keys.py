"""Keys: added, changed, removed, given new backup codes.

Invariants: a new key hangs in its slot or is recorded as out. The cabinet learns of a
change of its codes as of any other. A contract without keys has nothing to hand over,
so it goes with its last key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fakes.vendors.livionkey import contracts, delivery
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.state import Device, Key, KeyEvent, State, state_of

if TYPE_CHECKING:
    from fakes.doors.key_slots import KeySlots
    from fakes.kit.world import World


BACKUP_CODES = 2
BACKUP_DIGITS = 10


@dataclass(frozen=True)
class KeySettings:
    """What a key is to be; nothing: it is left as it is, or chosen by the cloud."""

    name: str | None = None
    slot: int | None = None
    return_code: str | None = None
    shared: bool | None = None


def find(world: World, key_id: str, device_id: str | None) -> Key:
    """Return a key; a device that is named must be its own."""
    key = state_of(world).keys.get(key_id)
    if key is None or device_id not in {None, key.device}:
        raise Refused(ErrorCode.NO_SUCH_KEY)
    return key


def add(
    world: World,
    device: Device,
    key_id: str,
    settings: KeySettings,
    *,
    inside: bool = True,
) -> Key:
    """Return a new key of a cabinet, in the slot that was wished or a free one."""
    state = state_of(world)
    if key_id in state.keys:
        raise Refused(ErrorCode.KEY_TAKEN)
    key_slots = _key_slots(state, device)
    slot = _slot(key_slots, settings.slot)
    key_slots.add(key_id, slot, inside=inside)
    ref = world.ids.hex("livionkey.event", 24)
    key = Key(
        id=key_id,
        name=settings.name or key_id,
        device=device.id,
        locker=slot,
        last=KeyEvent(ref, world.now, "key-added", slot, world.now),
        return_code=settings.return_code,
        shared=bool(settings.shared),
        backup=_backup_codes(world),
        inside=inside,
    )
    state.keys[key_id] = key
    delivery.sync_keys(world, [device.id])
    return key


def change(world: World, key: Key, settings: KeySettings) -> None:
    """Change what is said of a key; its slot too, if another one is free."""
    state = state_of(world)
    if settings.slot is not None and settings.slot != key.locker:
        key_slots = _key_slots(state, state.devices[key.device])
        key_slots.rehome(key.id, _slot(key_slots, settings.slot))
        key.locker = settings.slot
    key.name = settings.name or key.name
    key.return_code = settings.return_code or key.return_code
    key.shared = key.shared if settings.shared is None else settings.shared
    delivery.sync_keys(world, [key.device])


def remove(world: World, key: Key) -> None:
    """Remove a key, and its contracts with it."""
    state = state_of(world)
    affected = {key.device} | drop_contracts(world, key)
    _key_slots(state, state.devices[key.device]).drop(key.id)
    del state.keys[key.id]
    delivery.sync_keys(world, affected)


def drop_contracts(world: World, key: Key) -> set[str]:
    """Take a key out of its contracts; return the devices of its companions."""
    affected: set[str] = set()
    for contract in state_of(world).contracts_of(key):
        if len(contract.handovers) == 1:
            contracts.remove(world, contract)
        else:
            contract.handovers = [
                handover for handover in contract.handovers if handover.key != key.id
            ]
            key.contracts.remove(contract.id)
            affected |= {handover.device for handover in contract.handovers}
    return affected


def renew_backup_codes(world: World, key: Key) -> None:
    """Give a key two new backup codes; the old ones are dead."""
    key.backup = _backup_codes(world)
    delivery.sync_devices(world, [key.device])


def _backup_codes(world: World) -> list[str]:
    draw = world.ids.digits
    return [draw("livionkey.backup", BACKUP_DIGITS) for _ in range(BACKUP_CODES)]


def _key_slots(state: State, device: Device) -> KeySlots:
    cabinet = state.cabinet_of(device)
    if cabinet is None:
        raise Refused(ErrorCode.NO_SUCH_DEVICE)
    return cabinet.key_slots


def _slot(key_slots: KeySlots, requested: int | None) -> int:
    """Return the slot that is wished, or the first free one."""
    free = key_slots.free()
    if requested is not None and requested >= key_slots.slots:
        raise Refused(ErrorCode.SLOT_TOO_BIG)
    if not free or (requested is not None and requested not in free):
        raise Refused(ErrorCode.NO_FREE_SLOT)
    return free[0] if requested is None else requested
