"""From the lock to the server: its log, and at a sync the codes it really has.

Invariants: the lock writes its log alone. The server learns of an entry
`report-seconds` later if the lock is online, or else when it is back. What the keypad
refuses without reading the code (locked out, no power) never reaches the server's log.
A sync corrects the copy, never the lock. It runs when a client asks for it, and once a
day if there is something to correct. It leaves alone rows with an order on its way, and
ghosts too, unless a quirk says otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fakes.vendors.nuki import webhooks
from fakes.vendors.nuki.codes import code_of, settings_of
from fakes.vendors.nuki.state import (
    KEYPAD_CODE,
    Auth,
    Device,
    LogRow,
    object_id,
    quirk,
    state_of,
)

if TYPE_CHECKING:
    from fakes.doors.codebook import StoredCode
    from fakes.doors.smartlock import SmartLockLogEntry
    from fakes.kit.door import Door, Entry
    from fakes.kit.world import World


REPORT = "nuki.report"
KEPT_ROWS = 5000
ACTIONS = {
    "entry": 1,
    "unlock": 1,
    "lock": 2,
    "unlatch": 3,
    "lock-n-go": 4,
    "lock-n-go-unlatch": 5,
}
TRIGGERS = {"manual": 1, "web": 4, "app": 5}
KEYPAD = 255
BY_CODE = 1  # the source of an entry
SUCCESS = 0
MOTOR_BLOCKED = 1
INVALID_CODE = 224
NOT_REPORTED = {"locked-out", "no-power", "no-keypad", "no-such-key"}
SYNC = "nuki.sync"


def entered(world: World, door: Door, _entry: Entry) -> None:
    """Report what was just typed to the server."""
    device = state_of(world).devices.get(int(state_of(world).doors[door.id].vendor_id))
    if device is not None:
        soon(world, device)


def soon(world: World, device: Device) -> None:
    """Report the lock's latest log entries to the server."""
    at = world.now + timedelta(seconds=float(quirk(world, "report-seconds")))
    world.call_at(at, REPORT, smartlock=device.smartlock_id)


def report(world: World, *, smartlock: int) -> dict[str, Any] | None:
    """Take over what is new in the log of a lock, if it can be reached."""
    device = state_of(world).devices.get(smartlock)
    if device is None or not state_of(world).door_of(device).connected:
        return None
    return {"smartlock": smartlock, "lines": pull(world, device)}


def pull(world: World, device: Device) -> int:
    """Take over the lines that the server does not have; return how many."""
    entries = state_of(world).door_of(device).since(device.pulled)
    for entry in entries:
        device.pulled = entry.number
        if entry.why not in NOT_REPORTED:
            _take_over(world, device, entry)
    if entries:
        webhooks.send_status(world, device)
    return len(entries)


def _take_over(world: World, device: Device, entry: SmartLockLogEntry) -> None:
    auth = _auth_of(device, entry)
    row = _row(world, device, entry, auth)
    device.log.append(row)
    del device.log[:-KEPT_ROWS]
    device.last_action, device.last_trigger = row.action, row.trigger
    if auth is not None and row.state == SUCCESS:
        auth.lock_count += 1
        auth.last_active_at = entry.at
    webhooks.send_log(world, row)


def _row(
    world: World, device: Device, entry: SmartLockLogEntry, auth: Auth | None
) -> LogRow:
    typed = entry.what == "entry"
    return LogRow(
        id=object_id(world),
        smartlock_id=device.smartlock_id,
        device_type=device.type,
        at=entry.at,
        name=entry.name,
        action=ACTIONS[entry.what],
        trigger=KEYPAD if typed else TRIGGERS[entry.why],
        state=_state(world, entry),
        source=BY_CODE if typed else 0,
        auth_id=auth.id if auth else None,
        account_user=auth.settings.account_user if auth else None,
    )


def _state(world: World, entry: SmartLockLogEntry) -> int:
    if entry.blocked:
        return MOTOR_BLOCKED
    if entry.what != "entry" or entry.why == "opened":
        return SUCCESS
    if entry.why == "wrong-code":
        return INVALID_CODE
    return int(quirk(world, "refused-state"))


def _auth_of(device: Device, entry: SmartLockLogEntry) -> Auth | None:
    if entry.code is None:
        return None
    rows = device.auths.values()
    return next((auth for auth in rows if auth.number == entry.code), None)


def wait_for_the_day(world: World, device: Device) -> None:
    """Have the next daily sync read the lock."""
    if device.sync_at is None:
        device.sync_at = _next(world.now, int(quirk(world, "daily-sync-hour")))
        world.call_at(device.sync_at, SYNC, smartlock=device.smartlock_id)


def ask(world: World, device: Device) -> None:
    """Have a sync read the lock soon, because a client asked for it."""
    at = world.now + timedelta(seconds=float(quirk(world, "delivery-seconds")))
    world.call_at(at, SYNC, smartlock=device.smartlock_id)


def sync(world: World, *, smartlock: int) -> dict[str, Any] | None:
    """Correct the copy of one lock, if it can be reached; else try the next day."""
    device = state_of(world).devices.get(smartlock)
    if device is None:
        return None
    if device.sync_at is not None and world.now >= device.sync_at:
        device.sync_at = None
    if not state_of(world).door_of(device).connected:
        wait_for_the_day(world, device)
        return {"smartlock": smartlock, "came_to": "out of reach"}
    pull(world, device)
    return {"smartlock": smartlock, "corrected": _correct(world, device)}


def _correct(world: World, device: Device) -> int:
    """Make the copy say what the lock says; return how many rows were wrong."""
    rows = [auth for auth in device.auths.values() if auth.type == KEYPAD_CODE]
    known = {auth.number: auth for auth in rows if auth.number is not None}
    wrong = 0
    for number, code in state_of(world).door_of(device).codebook.codes.items():
        row = known.pop(number, None)
        if row is None:
            row = _adopt(world, device, number, code)
        elif row.operation or code_of(world, row.settings) == code:
            continue
        else:
            _read_back(row, code)
        wrong += 1
        row.updated_at = world.now
        webhooks.send_auth(world, device, row)
    gone = [row for row in known.values() if not row.operation]
    if quirk(world, "sync-clears-ghosts"):
        gone += [row for row in rows if row.number is None and not row.operation]
    for row in gone:
        del device.auths[row.id]
        webhooks.send_auth(world, device, row, deleted=True)
    return wrong + len(gone)


def _adopt(world: World, device: Device, number: int, code: StoredCode) -> Auth:
    row = Auth(
        id=object_id(world),
        smartlock_id=device.smartlock_id,
        type=KEYPAD_CODE,
        settings=settings_of(code),
        created_at=world.now,
        updated_at=world.now,
        number=number,
        confirmed=True,
    )
    device.auths[row.id] = row
    return row


def _read_back(row: Auth, code: StoredCode) -> None:
    """Take over what the lock knows, and keep what only the server knows."""
    row.settings = replace(
        settings_of(code),
        remote_allowed=row.settings.remote_allowed,
        account_user=row.settings.account_user,
    )


def _next(now: datetime, hour: int) -> datetime:
    """Return the next instant at which that hour begins, by UTC."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)
