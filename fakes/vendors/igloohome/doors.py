"""Doors with igloohome devices: which fields they take, how they are added and changed.

Invariants: adding a door pairs its device. Cloud and lock learn the secret and the zone
then, and after that each goes by its own copy. A reset or a deletion needs a person at
the door; that person's phone also reports a reset to the cloud, so that new PINs open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from fakes.doors.lock import Lock
from fakes.doors.lockclock import LockClock, paired
from fakes.kit.ids import derive
from fakes.kit.json_api import Strict, refusal, unknown, wrong
from fakes.vendors.igloohome import webhooks
from fakes.vendors.igloohome.state import NAME, Device, State, quirk, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fakes.kit.door import Door, Entry
    from fakes.kit.world import World


# The reasons of the lock, and the rule that each follows from
RULES = {
    "opened": "IGL-04",
    "wrong-code": "IGL-01",  # says nothing to this lock, or of a far time
    "early": "IGL-04",
    "over": "IGL-04",
    "unused-24h": "IGL-05",
    "burnt": "IGL-10",  # a one-time PIN that has opened before
    "deleted": "IGL-01",  # deleted at the lock itself
    "full": "IGL-01",  # the lock remembers 199 PINs and no more
    "too-long": "IGL-01",  # more than 16 digits
    "locked-out": "IGL-01",  # too many wrong tries
    "no-power": "IGL-01",
    "no-keypad": "IGL-11",
}
MOST_LOCKS = {"bridge": 5, "keypad": 1}  # that a device is linked to
PLAIN = ("name", "online", "battery", "clock_drift_seconds", "keypad")
LOCKOUT = ("lockout_tries", "lockout_minutes")
PREFIX_SIZE = 4  # of a device id: it says the model
KindName = Literal["lock", "keypad", "padlock", "keybox", "bridge"]
F = TypeVar("F", bound=Strict)


def rule_of(entry: Entry) -> str:
    """Return the id of the rule that an entry's reason follows from."""
    return RULES[entry.reason]


def add_door(world: World, fields: Mapping[str, Any]) -> Lock:
    """Return a door with a freshly paired device."""
    body = checked(NewDoor, fields)
    model, state = model_of(body), state_of(world)
    linked = _linked(state, body.kind, body.locks)
    lock = _lock(world, body, model)
    state.doors[lock.id] = lock
    state.devices[lock.vendor_id] = device = _record(world, lock, type_of(world, model))
    device.linked = linked
    return lock


def change(world: World, door: Door, fields: Mapping[str, Any]) -> None:
    """Change what hangs on a door; only the fields that are given count."""
    body = checked(DoorChange, fields)
    given, state = body.model_fields_set, state_of(world)
    lock = state.doors[door.id]
    device, was_online = state.device_of(lock), lock.online
    clock = _paired(world, body) if "timezone" in given else lock.clock
    if "locks" in given:
        device.linked = _linked(state, lock.kind, body.locks)
    if "delete_pin" in given:
        lock.delete(body.delete_pin, world.now)
    if "app_removes" in given:
        lock.delete(body.app_removes, world.now)
    if "reset" in given:
        lock.reset(world.now)
    for name in given.intersection((*PLAIN, *LOCKOUT)):
        setattr(lock, name, getattr(body, name))
    lock.clock = device.clock = clock
    device.name, device.epoch = lock.name, lock.epoch
    if lock.kind == "bridge" and lock.online != was_online:
        _send_connection(world, lock)


def remove(world: World, door: Door) -> None:
    """Take a device away; jobs that wait for it expire."""
    state = state_of(world)
    lock = state.doors.pop(door.id)
    del state.devices[lock.vendor_id]
    for device in state.devices.values():
        if lock.vendor_id in device.linked:
            device.linked.remove(lock.vendor_id)


def reset(world: World, door: Door) -> None:
    """Set a lock to how it left the factory; its cloud does not learn of it."""
    state_of(world).doors[door.id].unpair(_fresh_secret(world), world.now)


def pair(world: World, door: Door) -> None:
    """Reset a lock and pair it anew: cloud and lock share a new secret."""
    reset(world, door)
    state = state_of(world)
    lock = state.doors[door.id]
    old = state.devices.pop(lock.vendor_id)
    if quirk(world, "paired-anew") == "new-id":
        lock.vendor_id = _device_id(world, lock.vendor_id[:PREFIX_SIZE])
    _join(world, lock, old)


def replace_lock(world: World, door: Door) -> None:
    """Put another device on the door: another id, another secret, no PIN."""
    state = state_of(world)
    old = state.doors[door.id]
    gone = state.devices.pop(old.vendor_id)
    lock = replace(
        old,
        vendor_id=_device_id(world, old.vendor_id[:PREFIX_SIZE]),
        battery=100,
        clock_drift_seconds=0.0,
        activated={},
        custom={},
        deleted=[],
        log=[],
        epoch=0,
    )
    lock.unpair(_fresh_secret(world), world.now)
    lock.log.clear()
    state.doors[lock.id] = lock
    _join(world, lock, gone)


DEVICE_CHANGES = {"reset": reset, "paired": pair, "replaced": replace_lock}


def _join(world: World, lock: Lock, old: Device) -> None:
    """Pair a lock whose cloud had it, or another one in its place, as `old`."""
    state = state_of(world)
    lock.paired = True
    lock.secret = _fresh_secret(world)
    lock.master = world.ids.digits("igloohome.master", 8)
    lock.clock = paired(lock.timezone, world.now, wall=lock.clock.wall)
    device = _record(world, lock, old.type)
    device.epoch, device.linked = lock.epoch, old.linked
    device.pulled = lock.log[-1].number if lock.log else 0
    state.devices[device.device_id] = device
    for each in state.devices.values():
        if old.device_id in each.linked:
            each.linked[each.linked.index(old.device_id)] = device.device_id


def _fresh_secret(world: World) -> str:
    return world.ids.draw("igloohome.secret").hex()


def _device_id(world: World, prefix: str) -> str:
    return prefix + world.ids.hex("igloohome.device", 8).upper()


def seed_demo(world: World) -> None:
    """Hang the doors of a demo world."""
    sweden = {"timezone": "Europe/Stockholm"}
    court = add_door(world, sweden | {"name": "Court 1"})
    office = add_door(world, sweden | {"name": "Office", "keypad": False})
    beside = {"kind": "keypad", "locks": [office.id]}
    add_door(world, sweden | beside | {"name": "Office keypad"})
    add_door(world, {"name": "Shed", "kind": "padlock", "timezone": "Asia/Kolkata"})
    served = {"kind": "bridge", "locks": [court.id, office.id]}
    add_door(world, sweden | served | {"name": "Bridge"})


def _lock(world: World, body: NewDoor, model: Model) -> Lock:
    device_id = _device_id(world, model.prefix)
    settings = {name: getattr(body, name) for name in PLAIN}
    for name in LOCKOUT:
        usual = quirk(world, name.replace("_", "-"))
        given = name in body.model_fields_set
        settings[name] = getattr(body, name) if given else usual
    if "keypad" not in body.model_fields_set:
        settings["keypad"] = model.keypad
    return Lock(
        id=world.ids.name("door"),
        vendor=NAME,
        vendor_id=device_id,
        kind=body.kind,
        clock=_paired(world, body),
        secret=derive(world.ids.seed, NAME, device_id).hex(),
        master=world.ids.digits("igloohome.master", 8),
        **settings,
    )


def _record(world: World, lock: Lock, kind: str) -> Device:
    """Return what the cloud writes down when a device is paired."""
    return Device(
        device_id=lock.vendor_id,
        door_id=lock.id,
        uid=world.ids.hex("igloohome.record", 24),
        type=kind,
        name=lock.name,
        paired_at=world.now,
        last_sync=world.now,
        battery=lock.battery,
        algopin=lock.keypad,
        secret=lock.secret,
        clock=lock.clock,
        master_pin=lock.master,
    )


def _paired(world: World, body: DoorFields) -> LockClock:
    wall = bool(quirk(world, "lock-follows-summer-time"))
    return paired(body.timezone, world.now, wall=wall)


def _linked(state: State, kind: str, doors: tuple[str, ...]) -> list[str]:
    """Return the device ids of the locks that a device is linked to."""
    most = MOST_LOCKS.get(kind, 0)
    if len(doors) > most:
        raise wrong("locks", list(doors), f"a {kind} is linked to {most} at most")
    for door in doors:
        if door not in state.doors:
            raise wrong("locks", door, unknown("door", door, state.doors))
    return [state.doors[door].vendor_id for door in doors]


def _send_connection(world: World, bridge: Lock) -> None:
    flag = str(quirk(world, "bridge-flag"))
    data = {"bridgeId": bridge.vendor_id, flag: bridge.online}
    webhooks.send(world, webhooks.BRIDGE_CONNECTION, data)


class DoorFields(Strict):
    """What can be set when a door is added and changed later."""

    timezone: str = "UTC"
    online: bool = True
    battery: Annotated[int, Field(ge=0, le=100)] = 100
    clock_drift_seconds: float = 0.0
    keypad: bool = True
    lockout_tries: Annotated[int, Field(ge=0, le=10)] = 5  # 0: never
    lockout_minutes: Annotated[int, Field(ge=1, le=1440)] = 5
    # The doors whose locks a bridge serves, or the one that a keypad belongs to
    locks: tuple[str, ...] = ()


class NewDoor(DoorFields):
    """What a door is added with."""

    name: str
    kind: KindName = "lock"


class DoorChange(DoorFields):
    """What changes at the door by hand; only the fields that are given count."""

    name: str = ""
    reset: Literal[True] = True  # all PINs but the master are void
    delete_pin: str = ""  # one PIN is void
    app_removes: str = ""  # the same, by the word that all vendors take


def checked(model: type[F], fields: Mapping[str, Any]) -> F:
    """Return the fields; a Problem names each that is wrong."""
    try:
        return model.model_validate(dict(fields))
    except ValidationError as error:
        raise refusal(error, model=model) from error


@dataclass(frozen=True)
class Model:
    """How a device calls itself, how its id begins, whether it has digits."""

    type: str
    prefix: str
    keypad: bool = True
    guessed: bool = False  # no source is sure of the type


MODELS = {
    "lock": Model("Lock", "IGB2"),
    "keypad": Model("Keypad", "EK1X"),
    "padlock": Model("Padlock", "SP2X", guessed=True),
    "keybox": Model("Keybox", "SK3E", guessed=True),
    "bridge": Model("Bridge", "EB1X", keypad=False),
}


RETROFIT = Model("Lock", "OE1X", keypad=False)  # its digits are on a keypad beside it


def model_of(body: NewDoor) -> Model:
    """Return the model that a wish for a door is about."""
    if body.kind == "bridge" and "keypad" in body.model_fields_set and body.keypad:
        raise wrong("keypad", body.keypad, "a bridge has none; leave it out")
    if body.kind == "lock" and not body.keypad:
        return RETROFIT
    return MODELS[body.kind]


def type_of(world: World, model: Model) -> str:
    """Return the type under which the cloud lists a model."""
    if model.guessed and not quirk(world, "guessed-types"):
        return "Lock"
    return model.type
