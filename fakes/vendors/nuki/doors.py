"""Doors with Nuki locks: which fields they take, how they are added and changed.

Invariants: adding a door puts its lock into the account. What an app changes at the
lock, the server learns at the next sync and no sooner. A lock that comes back online
takes up what waited for it, and reports its log. The number of a lock carries its type
above the 32 bits that the app shows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from fakes.doors.codebook import Codebook, CodebookError, StoredCode
from fakes.doors.lockout import Lockout
from fakes.doors.schedule import Edges, Schedule
from fakes.doors.smartlock import SmartLock
from fakes.kit.json_api import Instant, Strict, refusal, wrong
from fakes.vendors.nuki import delivery, device_events, webhooks
from fakes.vendors.nuki.state import (
    NAME,
    Auth,
    Device,
    Settings,
    integer,
    object_id,
    quirk,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fakes.kit.door import Door, Entry
    from fakes.kit.world import World


PLAIN = (
    *("name", "timezone", "online", "battery", "clock_drift_seconds", "keypad"),
    *("keypad_battery", "jammed"),
)
KEYPAD_AUTH = 3
LOCKOUT_TRIES = (5, 15)
# The reasons of the lock, and the rule that each follows from
RULES = {
    "opened": "NUK-02",
    "wrong-code": "NUK-02",  # not stored: not yet there, or deleted
    "disabled": "NUK-02",
    "early": "NUK-07",
    "over": "NUK-07",
    "wrong-day": "NUK-05",
    "wrong-time": "NUK-06",
    "no-such-key": "NUK-02",  # the keypad has no 0
    "locked-out": "NUK-02",
    "no-power": "NUK-01",
    "jammed": "NUK-01",
    "no-keypad": "NUK-01",
}
COUNTED = {
    "unknown": ("wrong-code",),
    "refused": ("wrong-code", "disabled", "early", "over", "wrong-day", "wrong-time"),
}
KindName = Literal["smartlock", "smartlock-2", "smartdoor", "opener"]
Minute = Annotated[int, Field(ge=0, lt=1440)]
F = TypeVar("F", bound=Strict)
TYPES = {"smartlock": 4, "smartlock-2": 0, "smartdoor": 3, "opener": 2}
CONFIG: dict[str, Any] = {
    "latitude": 52.5,
    "longitude": 13.4,
    "capabilities": 0,
    "autoUnlatch": False,
    "liftUpHandle": False,
    "pairingEnabled": True,
    "buttonEnabled": True,
    "ledEnabled": True,
    "ledBrightness": 3,
    "daylightSavingMode": 0,
    "fobPaired": False,
    "singleLock": False,
    "advertisingMode": 0,
    "wifiEnabled": True,
}
ADVANCED_CONFIG: dict[str, Any] = {
    "lngTimeout": 20,
    "singleButtonPressAction": 1,
    "doubleButtonPressAction": 5,
    "automaticBatteryTypeDetection": False,
    "unlatchDuration": 3,
    "totalDegrees": 540,
    "singleLockedPositionOffsetDegrees": 0,
    "unlockedToLockedTransitionOffsetDegrees": 0,
    "unlockedPositionOffsetDegrees": 0,
    "lockedPositionOffsetDegrees": 0,
    "batteryType": 0,
    "autoLock": False,
    "autoLockTimeout": 180,
    "autoUpdateEnabled": True,
}


def rule_of(entry: Entry) -> str:
    """Return the id of the rule that an entry's reason follows from."""
    return RULES[entry.reason]


def add_door(world: World, fields: Mapping[str, Any]) -> SmartLock:
    """Return a door whose lock is in the account, with no code yet."""
    body = checked(NewDoor, fields)
    state = state_of(world)
    device_type = TYPES[body.kind]
    number = smartlock_id(world, device_type)
    lock = _lock(world, body, number)
    device = _record(world, lock, device_type)
    device.bluetooth_only = body.bluetooth_only
    state.doors[lock.id] = lock
    state.devices[number] = device
    _list_keypad(world, device, lock)
    return lock


def change(world: World, door: Door, fields: Mapping[str, Any]) -> None:
    """Change what hangs on a door; only the fields that are given count."""
    body = checked(DoorChange, fields)
    given = body.model_fields_set
    lock = state_of(world).doors[door.id]
    device = state_of(world).device_of(lock)
    _use_app(lock, body)
    was_online = lock.online
    for name in given.intersection(PLAIN):
        setattr(lock, name, getattr(body, name))
    if device is None:  # removed from the account: nothing is reported
        return
    device.name = lock.name
    lock.online = lock.online and not device.bluetooth_only
    _list_keypad(world, device, lock)
    if given & {"app_adds", "app_removes"}:
        device_events.wait_for_the_day(world, device)
    if lock.online != was_online:
        _come_and_go(world, device, lock)


def remove(world: World, door: Door) -> None:
    """Take a lock away; the account learns that it is gone."""
    state = state_of(world)
    _leave_account(world, state.doors[door.id])
    del state.doors[door.id]


def reset(world: World, door: Door) -> None:
    """Set a lock to how it left the factory; the server lists no code of it."""
    lock = state_of(world).doors[door.id]
    lock.reset()
    device = state_of(world).device_of(lock)
    if device is None:
        return
    device.pulled = lock.log_count  # what was not reported is lost
    if quirk(world, "reset-shows") == "at-once":
        _empty_list(world, device)
    webhooks.send_status(world, device)


def pair(world: World, door: Door) -> None:
    """Reset a lock and pair it anew: the same number, and no code."""
    reset(world, door)
    state = state_of(world)
    lock = state.doors[door.id]
    lock.paired = True
    device = state.device_of(lock) or _record(world, lock, TYPES[lock.kind])
    state.devices[device.smartlock_id] = device
    _empty_list(world, device)
    _list_keypad(world, device, lock)
    device.auth_number, device.updated_at = integer(world, "auth"), world.now
    webhooks.send_master_data(world, device)


def replace_lock(world: World, door: Door) -> None:
    """Put another lock on the door: another number, and no code."""
    state = state_of(world)
    old = state.doors[door.id]
    gone = _leave_account(world, old)
    lock = replace(
        old,
        vendor_id=str(smartlock_id(world, TYPES[old.kind])),
        battery=100,
        clock_drift_seconds=0.0,
        jammed=False,
        bolt="locked",
        blocked=False,
        log=[],
        log_count=0,
    )
    lock.reset()
    lock.paired = True
    state.doors[lock.id] = lock
    device = _record(world, lock, TYPES[lock.kind])
    device.bluetooth_only = gone is not None and gone.bluetooth_only
    state.devices[device.smartlock_id] = device
    _list_keypad(world, device, lock)
    webhooks.send_master_data(world, device)


DEVICE_CHANGES = {"reset": reset, "paired": pair, "replaced": replace_lock}


def _leave_account(world: World, lock: SmartLock) -> Device | None:
    """Take a lock off the account, if it is there; return what was recorded of it."""
    device = state_of(world).devices.pop(int(lock.vendor_id), None)
    if device is not None:
        webhooks.send_master_data(world, device, deleted=True)
    return device


def _empty_list(world: World, device: Device) -> None:
    """Take every auth off the list, with the orders that are on their way."""
    rows = list(device.auths.values())
    device.auths.clear()
    device.operations.clear()
    device.acting = None
    for row in rows:
        if row.type != KEYPAD_AUTH:
            webhooks.send_auth(world, device, row, deleted=True)


def seed_demo(world: World) -> None:
    """Hang the doors of a demo world."""
    add_door(world, {"name": "Rehearsal room"})
    add_door(world, {"name": "Studio", "kind": "smartlock-2"})
    add_door(world, {"name": "Back door", "keypad": False})


def _lock(world: World, body: NewDoor, number: int) -> SmartLock:
    seconds = ("lockout-seconds", "long-lockout-seconds")
    steps = zip(
        LOCKOUT_TRIES, (float(quirk(world, name)) for name in seconds), strict=True
    )
    lock = SmartLock(
        id=world.ids.name("door"),
        vendor=NAME,
        vendor_id=str(number),
        kind=body.kind,
        codebook=Codebook(int(quirk(world, "keypad-capacity"))),
        lockout=Lockout(tuple(steps)),
        edges=Edges(
            last_counts=bool(quirk(world, "last-minute-counts")),
            over_midnight=bool(quirk(world, "over-midnight")),
            utc_weekdays=quirk(world, "weekdays-begin") == "utc",
        ),
        counted=COUNTED[quirk(world, "lockout-counts")],
        **{name: getattr(body, name) for name in PLAIN},
    )
    lock.online = body.online and not body.bluetooth_only
    return lock


def _record(world: World, lock: SmartLock, device_type: int) -> Device:
    return Device(
        smartlock_id=int(lock.vendor_id),
        door_id=lock.id,
        type=device_type,
        name=lock.name,
        auth_number=integer(world, "auth"),
        created_at=world.now,
        updated_at=world.now,
        config=dict(CONFIG),
        advanced_config=dict(ADVANCED_CONFIG),
    )


def _list_keypad(world: World, device: Device, lock: SmartLock) -> None:
    """List the keypad itself while one is paired, as it is an auth of its own."""
    rows = [auth.id for auth in device.auths.values() if auth.type == KEYPAD_AUTH]
    if lock.keypad and not rows:
        row = Auth(
            id=object_id(world),
            smartlock_id=device.smartlock_id,
            type=KEYPAD_AUTH,
            settings=Settings("Keypad"),
            created_at=world.now,
            updated_at=world.now,
            number=integer(world, "auth"),
            confirmed=True,
        )
        device.auths[row.id] = row
    for auth_id in [] if lock.keypad else rows:
        del device.auths[auth_id]


def _use_app(lock: SmartLock, body: DoorChange) -> None:
    """Store and delete codes by Bluetooth, past the server."""
    book = lock.codebook
    if "app_removes" in body.model_fields_set:
        number = book.number_of(body.app_removes)
        if number is None:
            raise wrong("app_removes", None, "no such code is stored in this lock")
        book.drop(number)
    if body.app_adds is not None:
        try:
            book.add(_code(body.app_adds))
        except CodebookError as error:
            raise wrong("app_adds.code", None, f"the lock says: {error}") from None


def _code(body: AppCode) -> StoredCode:
    schedule = Schedule(
        body.start, body.end, body.weekdays, body.from_minute, body.until_minute
    )
    return StoredCode(body.code, body.name, schedule)


def _come_and_go(world: World, device: Device, lock: SmartLock) -> None:
    if lock.online:
        delivery.resume(world, device)
        device_events.soon(world, device)
    webhooks.send_status(world, device)


class AppCode(Strict):
    """A code that is stored with the app, at the door."""

    code: str
    name: Annotated[str, Field(min_length=1, max_length=20)] = "App"
    start: Instant | None = None
    end: Instant | None = None
    weekdays: Annotated[int, Field(ge=0, le=127)] = 0
    from_minute: Minute | None = None
    until_minute: Minute | None = None


class DoorFields(Strict):
    """What can be set when a door is added and changed later."""

    timezone: str = "Europe/Berlin"
    online: bool = True  # the lock's way to the server
    battery: Annotated[int, Field(ge=0, le=100)] = 100
    clock_drift_seconds: float = 0.0
    keypad: bool = True  # one is paired
    keypad_battery: Annotated[int, Field(ge=0, le=100)] = 100
    jammed: bool = False  # the motor cannot move the bolt


class NewDoor(DoorFields):
    """What a door is added with."""

    name: str
    kind: KindName = "smartlock"
    bluetooth_only: bool = False  # nothing but phones ever reaches it


class DoorChange(DoorFields):
    """What changes at the door by hand; only the fields that are given count."""

    name: str = ""
    app_adds: AppCode | None = None
    app_removes: str = ""  # the digits of a code


def checked(model: type[F], fields: Mapping[str, Any]) -> F:
    """Return the fields; a Problem names each that is wrong."""
    try:
        return model.model_validate(dict(fields))
    except ValidationError as error:
        raise refusal(error, model=model) from error


def smartlock_id(world: World, device_type: int) -> int:
    """Return the number of a new lock."""
    return device_type << 32 | int.from_bytes(world.ids.draw("nuki.smartlock")[:4])
