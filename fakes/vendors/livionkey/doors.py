"""Devices: which fields they take, how they are added with their keys and changed.

Invariants: adding a device enters it in the cloud's record as well. A device that is
connected again first reports what happened, then is told its codes.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from fakes.doors.cabinet import Cabinet, SlotEntry
from fakes.doors.entrance import Entrance
from fakes.doors.key_slots import KeySlots
from fakes.doors.lockout import Lockout
from fakes.kit.json_api import Strict, refusal, wrong
from fakes.vendors.livionkey import contracts, delivery, device_events, keys, rights
from fakes.vendors.livionkey.errors import Refused
from fakes.vendors.livionkey.keys import KeySettings
from fakes.vendors.livionkey.state import NAME, Device, State, quirk, state_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fakes.kit.door import Door, Entry
    from fakes.kit.world import World


KEYPAD = "keypad"
DEAD = "LIV-02"  # a code without a contract, or outside its time
# The cases of a cabinet (`keycode.TABLE`), and the rule that each follows from
RULES = {
    "no-contract": DEAD,
    "not-yet": "LIV-01",
    "fetch": "LIV-01",
    "fetched": DEAD,
    "return": "LIV-06",
    "grace": "LIV-03",
    "ended": DEAD,
    "away": "LIV-07",
    "static": "LIV-04",
    "backup": "LIV-07",
    "open-slot": "LIV-07",
}
Trouble = Literal["power", "moved", "error", "wifi"]
Percent = Annotated[int, Field(ge=0, le=100)]
F = TypeVar("F", bound=Strict)


def all_doors(state: State) -> dict[str, Door]:
    """Return every cabinet and keypad, by door id."""
    return dict(chain(state.cabinets.items(), state.keypads.items()))


def rule_of(entry: Entry) -> str:
    """Return the id of the rule that an entry follows from."""
    return RULES[entry.case] if isinstance(entry, SlotEntry) else DEAD


def add_door(world: World, fields: Mapping[str, Any]) -> Door:
    """Return a new device, with its keys if it is a cabinet."""
    body = checked(NewDoor, fields)
    if body.kind == KEYPAD:
        return _add_keypad(world, body)
    return _add_cabinet(world, body)


def change(world: World, door: Door, fields: Mapping[str, Any]) -> None:
    """Change a cabinet or keypad; only the fields that are given count."""
    body = checked(DoorChange, fields)
    state = state_of(world)
    device = _record(state, door.id)
    if body.app_removes is not None:
        _remove_code(world, device, body.app_removes)
    given = body.model_dump(exclude_unset=True, exclude={"app_removes"})
    for name, value in given.items():
        setattr(state.door_of(device), name, value)
    device.name = state.door_of(device).name
    device_events.check(world, device)
    device_events.collect(world, device)
    delivery.run(world, device=device.id)


def _remove_code(world: World, device: Device, pin: str) -> None:
    """Delete the contracts and access rights of a device that have this PIN."""
    state = state_of(world)
    found = [
        contract
        for contract in state.contracts_of(*state.keys_of(device.id))
        if any(each.pin == pin for each in contract.handovers)
    ]
    rows = [
        right
        for right in state.live_rights()
        if device.id in right.devices and right.pin == pin
    ]
    if not found and not rows:
        raise wrong("app_removes", None, "no contract or right here has such a PIN")
    for contract in found:
        contracts.cancel(world, contract, even_if_out=True)
    for right in rows:
        rights.cancel(world, right)


def entered(world: World, door: Door, _entry: Entry) -> None:
    """Report what was typed, if the device is connected."""
    device_events.collect(world, _record(state_of(world), door.id))


def remove(world: World, door: Door) -> None:
    """Take a device away, with its keys and their contracts."""
    state = state_of(world)
    device = _record(state, door.id)
    for key in state.keys_of(device.id):
        keys.remove(world, key)
    for right in state.live_rights():
        right.devices = [each for each in right.devices if each != device.id]
    del state.devices[device.id]
    state.cabinets.pop(door.id, None)
    state.keypads.pop(door.id, None)
    state.unsynced = [each for each in state.unsynced if each != device.id]


def reset(world: World, door: Door) -> None:
    """Set a device to how it left the factory; the cloud finds it disconnected."""
    state = state_of(world)
    device = _record(state, door.id)
    state.door_of(device).reset()
    device.known.clear()
    if device.id not in state.unsynced:
        state.unsynced.append(device.id)
    device_events.check(world, device)


def pair(world: World, door: Door) -> None:
    """Reset a device and pair it anew: it is sent all codes that the cloud has."""
    reset(world, door)
    state = state_of(world)
    device = _record(state, door.id)
    state.door_of(device).paired = True
    device_events.check(world, device)
    delivery.run(world, device=device.id)


def replace_device(world: World, door: Door) -> None:
    """Put another device in its place, with the keys in it; its id is another."""
    state = state_of(world)
    old = _record(state, door.id)
    if quirk(world, "replaced-device") == "contracts-end":
        _end_codes(world, old)
    new = replace(
        old,
        id=_fresh_device_id(world),
        alarms={},
        acknowledged=[],
        known={},
        synced_at=world.now,
    )
    del state.devices[old.id]
    state.devices[new.id] = new
    _rename(state, old.id, new.id)
    hardware = state.door_of(new)
    hardware.vendor_id, hardware.battery, hardware.troubles = new.id, 100, []
    hardware.clock_drift_seconds = 0.0
    hardware.log.clear()
    pair(world, door)


DEVICE_CHANGES = {"reset": reset, "paired": pair, "replaced": replace_device}


def _end_codes(world: World, device: Device) -> None:
    """Remove the contracts of a device's keys, and its access rights."""
    state = state_of(world)
    affected = {
        each
        for key in state.keys_of(device.id)
        for each in keys.drop_contracts(world, key)
    }
    for right in state.live_rights():
        right.devices = [each for each in right.devices if each != device.id]
    delivery.sync_devices(world, affected - {device.id})


def _rename(state: State, old: str, new: str) -> None:
    """Give all that belongs to a device its new id."""
    for key in state.keys_of(old):
        key.device = new
    for contract in state.contracts.values():
        for handover in contract.handovers:
            handover.device = new if handover.device == old else handover.device
    for right in state.rights.values():
        right.devices = [new if each == old else each for each in right.devices]
    state.unsynced = [each for each in state.unsynced if each != old]


def seed_demo(world: World) -> None:
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
    add_door(world, place | {"name": "Lobby", "slots": 6, "keys": flats})
    add_door(world, place | {"name": "Cottage", "slots": 1})
    add_door(world, place | {"name": "Street door", "kind": KEYPAD})


def _add_cabinet(world: World, body: NewDoor) -> Cabinet:
    product = body.product or ("keyX" if body.slots == 1 else "key30")
    cabinet = Cabinet(
        **_common(world, body), product=product, key_slots=KeySlots(body.slots)
    )
    state_of(world).cabinets[cabinet.id] = cabinet
    device = _enter(world, cabinet)
    for key in _requested_keys(world, body):
        _add_key(world, device, key)
    delivery.run(world, device=device.id)
    device_events.check(world, device)
    return cabinet


def _add_keypad(world: World, body: NewDoor) -> Entrance:
    keypad = Entrance(**_common(world, body), product=KEYPAD)
    state_of(world).keypads[keypad.id] = keypad
    device_events.check(world, _enter(world, keypad))
    return keypad


def _common(world: World, body: NewDoor) -> dict[str, Any]:
    tries, seconds = quirk(world, "wrong-code-tries"), quirk(world, "lockout-seconds")
    plain = body.model_dump(exclude={"kind", "product", "slots", "keys"})
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
    delivery.sync_devices(world, [device.id])
    return device


def _requested_keys(world: World, body: NewDoor) -> Iterator[NewKey]:
    """Yield the keys that were named, else one for each slot."""
    if body.keys is not None:
        yield from body.keys
        return
    for slot in range(body.slots):
        code = world.ids.digits("livionkey.return-code", 4)
        yield NewKey(id=world.ids.name("key"), slot=slot, return_code=code)


def _add_key(world: World, device: Device, key: NewKey) -> None:
    body = KeySettings(key.name, key.slot, key.return_code, key.shared)
    try:
        keys.add(world, device, key.id, body, inside=key.inside)
    except Refused as refused:
        raise wrong("keys", key.id, refused.error.value) from refused


def _record(state: State, door_id: str) -> Device:
    door = state.cabinets.get(door_id) or state.keypads[door_id]
    return state.devices[door.vendor_id]


class NewKey(Strict):
    """A key that a new cabinet has."""

    id: Annotated[str, Field(pattern=r"^[\w./-]+$")]
    name: str | None = None
    slot: Annotated[int, Field(ge=0)] | None = None
    return_code: Annotated[str, Field(pattern=r"^\d{4,9}$")] | None = None
    shared: bool = False
    inside: bool = True


class NewDoor(Strict):
    """What a device is added with."""

    name: str
    kind: Literal["cabinet", "keypad"] = "cabinet"
    product: Literal["key30", "keyX", "key20"] | None = None  # by the number of slots
    # One, so that a door is one lock to a test that knows nothing of cabinets
    slots: Annotated[int, Field(ge=1, le=30)] = 1
    keys: tuple[NewKey, ...] | None = None  # left out: one in each slot
    timezone: str = "Europe/Helsinki"
    online: bool = True
    battery: Percent = 100
    clock_drift_seconds: float = 0.0
    keypad: bool = True
    troubles: list[Trouble] = Field(default_factory=list)


class DoorChange(Strict):
    """What changes at the device by hand; only the fields that are given count."""

    name: str | None = None
    timezone: str | None = None
    online: bool | None = None
    battery: Percent | None = None
    clock_drift_seconds: float | None = None
    keypad: bool | None = None
    troubles: list[Trouble] | None = None
    app_removes: str | None = None  # a PIN whose contract is deleted in the web app


def checked(model: type[F], fields: Mapping[str, Any]) -> F:
    """Return the fields; a Problem names each that is wrong."""
    try:
        return model.model_validate(dict(fields))
    except ValidationError as error:
        raise refusal(error, model=model) from error
