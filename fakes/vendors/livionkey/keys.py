"""Keys: added, changed, removed, given new backup codes.

Law: to add a key is to hang it in its slot, or to say that it is out. The cabinet hears
of every change of its codes as of any other. Without its key a contract has nothing to
hand over, so it goes with the last of its keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fakes.vendors.livionkey import contracts, sync
from fakes.vendors.livionkey.state import Device, Key, KeyEvent, State, state_of
from fakes.vendors.livionkey.why import Refused, Why

if TYPE_CHECKING:
    from fakes.doors.rack import Rack
    from fakes.kit.world import World

BACKUP_CODES = 2
BACKUP_DIGITS = 10


@dataclass(frozen=True)
class KeyWish:
    """What a key is to be; nothing: it is left as it is, or chosen by the cloud."""

    name: str | None = None
    slot: int | None = None
    return_code: str | None = None
    shared: bool | None = None


def find(world: World, key_id: str, device_id: str | None) -> Key:
    """Return a key; a device that is named must be its own."""
    key = state_of(world).keys.get(key_id)
    if key is None or device_id not in {None, key.device}:
        raise Refused(Why.NO_SUCH_KEY)
    return key


def add(
    world: World, device: Device, key_id: str, wish: KeyWish, *, inside: bool = True
) -> Key:
    """Return a new key of a cabinet, in the slot that was wished or a free one."""
    state = state_of(world)
    if key_id in state.keys:
        raise Refused(Why.KEY_TAKEN)
    rack = _rack(state, device)
    slot = _slot(rack, wish.slot)
    rack.add(key_id, slot, inside=inside)
    ref = world.ids.hex("livionkey.event", 24)
    key = Key(
        id=key_id,
        name=wish.name or key_id,
        device=device.id,
        locker=slot,
        last=KeyEvent(ref, world.now, "key-added", slot, world.now),
        return_code=wish.return_code,
        shared=bool(wish.shared),
        backup=_backup_codes(world),
        inside=inside,
    )
    state.keys[key_id] = key
    sync.keys(world, [device.id])
    return key


def change(world: World, key: Key, wish: KeyWish) -> None:
    """Change what is said of a key; its slot too, if another one is free."""
    state = state_of(world)
    if wish.slot is not None and wish.slot != key.locker:
        rack = _rack(state, state.devices[key.device])
        rack.rehome(key.id, _slot(rack, wish.slot))
        key.locker = wish.slot
    key.name = wish.name or key.name
    key.return_code = wish.return_code or key.return_code
    key.shared = key.shared if wish.shared is None else wish.shared
    sync.keys(world, [key.device])


def remove(world: World, key: Key) -> None:
    """Let a key be gone, and its contracts with it."""
    state = state_of(world)
    told = {key.device}
    for contract in state.contracts_of(key):
        if len(contract.legs) == 1:
            contracts.remove(world, contract)
        else:
            contract.legs = [leg for leg in contract.legs if leg.key != key.id]
            told |= {leg.device for leg in contract.legs}
    _rack(state, state.devices[key.device]).drop(key.id)
    del state.keys[key.id]
    sync.keys(world, told)


def renew_backup_codes(world: World, key: Key) -> None:
    """Give a key two new backup codes; the old ones are dead."""
    key.backup = _backup_codes(world)
    sync.devices(world, [key.device])


def _backup_codes(world: World) -> list[str]:
    draw = world.ids.digits
    return [draw("livionkey.backup", BACKUP_DIGITS) for _ in range(BACKUP_CODES)]


def _rack(state: State, device: Device) -> Rack:
    cabinet = state.cabinet_of(device)
    if cabinet is None:
        raise Refused(Why.NO_SUCH_DEVICE)
    return cabinet.rack


def _slot(rack: Rack, wished: int | None) -> int:
    """Return the slot that is wished, or the first free one."""
    free = rack.free()
    if wished is not None and wished >= rack.slots:
        raise Refused(Why.SLOT_TOO_BIG)
    if not free or (wished is not None and wished not in free):
        raise Refused(Why.NO_FREE_SLOT)
    return free[0] if wished is None else wished
