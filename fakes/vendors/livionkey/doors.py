"""Devices on the wall: hung with their keys, and changed by somebody who stands there.

Law: to hang a device is to enter it in the cloud's record as well. A device that gets
its connection back first tells what happened, then hears its codes.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from fakes.doors.cabinet import Cabinet
from fakes.doors.entrance import Entrance
from fakes.doors.lockout import Lockout
from fakes.doors.rack import Rack
from fakes.kit.problem import wrong
from fakes.vendors.livionkey import alarms, hearing, keys, sync
from fakes.vendors.livionkey.fields import DoorChange, NewDoor, NewKey, checked
from fakes.vendors.livionkey.keys import KeyWish
from fakes.vendors.livionkey.state import NAME, Device, State, quirk, state_of
from fakes.vendors.livionkey.why import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fakes.kit.fake import Door, Entry
    from fakes.kit.world import World

KEYPAD = "keypad"


def all_doors(state: State) -> dict[str, Door]:
    """Return every device on the wall, by door id."""
    return dict(chain(state.cabinets.items(), state.keypads.items()))


def hang(world: World, fields: Mapping[str, Any]) -> Door:
    """Return a new device, with its keys if it is a cabinet."""
    wish = checked(NewDoor, fields)
    if wish.kind == KEYPAD:
        return _hang_keypad(world, wish)
    return _hang_cabinet(world, wish)


def change(world: World, door: Door, fields: Mapping[str, Any]) -> None:
    """Change what hangs on the wall; only the fields that are given count."""
    wish = checked(DoorChange, fields)
    state = state_of(world)
    device = _record(state, door.id)
    for name, value in wish.model_dump(exclude_unset=True).items():
        setattr(state.door_of(device), name, value)
    device.name = state.door_of(device).name
    alarms.check(world, device)
    hearing.listen(world, device)
    sync.run(world, device=device.id)


def entered(world: World, door: Door, _entry: Entry) -> None:
    """Let the cloud hear of what was typed, if there is a connection."""
    hearing.listen(world, _record(state_of(world), door.id))


def furnish(world: World) -> None:
    """Hang the devices of a demo world."""
    place = {"timezone": "Europe/Helsinki"}
    flats = [
        {
            "id": f"flat-{number}",
            "name": f"Flat {number}",
            "return_code": f"700{number}",
        }
        for number in range(1, 5)
    ]
    hang(world, place | {"name": "Lobby", "slots": 6, "keys": flats})
    hang(world, place | {"name": "Cottage", "slots": 1})
    hang(world, place | {"name": "Street door", "kind": KEYPAD})


def _hang_cabinet(world: World, wish: NewDoor) -> Cabinet:
    product = wish.product or ("keyX" if wish.slots == 1 else "key30")
    cabinet = Cabinet(**_common(world, wish), product=product, rack=Rack(wish.slots))
    state_of(world).cabinets[cabinet.id] = cabinet
    device = _enter(world, cabinet)
    for key in _wished_keys(world, wish):
        _hang_key(world, device, key)
    sync.run(world, device=device.id)
    alarms.check(world, device)
    return cabinet


def _hang_keypad(world: World, wish: NewDoor) -> Entrance:
    keypad = Entrance(**_common(world, wish), product=KEYPAD)
    state_of(world).keypads[keypad.id] = keypad
    alarms.check(world, _enter(world, keypad))
    return keypad


def _common(world: World, wish: NewDoor) -> dict[str, Any]:
    tries, seconds = quirk(world, "wrong-code-tries"), quirk(world, "lockout-seconds")
    plain = wish.model_dump(exclude={"kind", "product", "slots", "keys"})
    return plain | {
        "id": world.ids.name("door"),
        "vendor": NAME,
        "vendor_id": _fresh_device_id(world),
        "lockout": Lockout(((tries, seconds),) if tries else ()),
    }


def _fresh_device_id(world: World) -> str:
    while True:
        device_id = world.ids.digits("livionkey.device", 6)
        if device_id not in state_of(world).devices and int(device_id):
            return device_id


def _enter(world: World, door: Cabinet | Entrance) -> Device:
    """Enter a device in the cloud's record."""
    device = Device(
        id=door.vendor_id,
        door_id=door.id,
        product=door.product,
        name=door.name,
        tag=state_of(world).account.tag,
        synced_at=world.now,
    )
    state_of(world).devices[device.id] = device
    sync.devices(world, [device.id])
    return device


def _wished_keys(world: World, wish: NewDoor) -> Iterator[NewKey]:
    """Yield the keys that were named, else one for each slot."""
    if wish.keys is not None:
        yield from wish.keys
        return
    for slot in range(wish.slots):
        code = world.ids.digits("livionkey.return-code", 4)
        yield NewKey(id=world.ids.name("key"), slot=slot, return_code=code)


def _hang_key(world: World, device: Device, key: NewKey) -> None:
    wish = KeyWish(key.name, key.slot, key.return_code, key.shared)
    try:
        keys.add(world, device, key.id, wish, inside=key.inside)
    except Refused as refused:
        raise wrong("keys", key.id, refused.why.value) from refused


def _record(state: State, door_id: str) -> Device:
    door = state.cabinets.get(door_id) or state.keypads[door_id]
    return state.devices[door.vendor_id]
