"""Doors with Nuki locks on them: hung, and changed by somebody who stands there.

Invariants: to hang a door is to put its lock into the account. What an app changes at
the lock the server learns at the next sync and no sooner. A lock that was away takes up
what has waited for it, and tells what it has seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.doors.codebook import Codebook, CodebookError, StoredCode
from fakes.doors.lockout import Lockout
from fakes.doors.schedule import Edges, Schedule
from fakes.doors.smartlock import SmartLock
from fakes.kit.problem import wrong
from fakes.vendors.nuki import life, models, push, report, sync
from fakes.vendors.nuki.fields import AppCode, DoorChange, NewDoor, checked
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

    from fakes.kit.fake import Door, Entry
    from fakes.kit.world import World

PLAIN = ("name", "timezone", "online", "battery", "clock_drift_seconds", "keypad")
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
    "no-keypad": "NUK-01",
}
COUNTED = {
    "unknown": ("wrong-code",),
    "refused": ("wrong-code", "disabled", "early", "over", "wrong-day", "wrong-time"),
}


def rule_of(entry: Entry) -> str:
    """Return the id of the rule that an entry's reason follows from."""
    return RULES[entry.reason]


def add_door(world: World, fields: Mapping[str, Any]) -> SmartLock:
    """Return a door whose lock is in the account, with no code yet."""
    body = checked(NewDoor, fields)
    state = state_of(world)
    device_type = models.TYPES[body.kind]
    number = models.smartlock_id(world, device_type)
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
    if device is None:  # off the account: nobody is told
        return
    device.name = lock.name
    lock.online = lock.online and not device.bluetooth_only
    _list_keypad(world, device, lock)
    if given & {"app_adds", "app_removes"}:
        sync.wait_for_the_day(world, device)
    if lock.online != was_online:
        _come_and_go(world, device, lock)


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
        config=dict(models.CONFIG),
        advanced_config=dict(models.ADVANCED_CONFIG),
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
        life.resume(world, device)
        report.soon(world, device)
    push.tell_status(world, device)
