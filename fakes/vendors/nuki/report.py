"""What a lock tells the server on its own: what was typed, what the bolt did.

Invariants: the lock writes its log alone; the server hears of a line when the lock is
online, `report-seconds` later, or when it is back. What the keypad refuses without
looking at the code (locked out, no power) is nowhere in the server's log.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fakes.vendors.nuki import push
from fakes.vendors.nuki.state import Auth, Device, LogRow, object_id, quirk, state_of

if TYPE_CHECKING:
    from fakes.doors.smartlock import SmartLockLogEntry
    from fakes.kit.fake import Door, Entry
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
INVALID_CODE = 224
NOT_REPORTED = {"locked-out", "no-power", "no-keypad", "no-such-key"}


def entered(world: World, door: Door, _entry: Entry) -> None:
    """Let the server hear of what was just typed."""
    device = state_of(world).devices.get(int(state_of(world).doors[door.id].vendor_id))
    if device is not None:
        soon(world, device)


def soon(world: World, device: Device) -> None:
    """Let the server hear of the lock's latest lines."""
    at = world.now + timedelta(seconds=float(quirk(world, "report-seconds")))
    world.call_at(at, REPORT, smartlock=device.smartlock_id)


def report(world: World, *, smartlock: int) -> dict[str, Any] | None:
    """Take over what is new in the log of a lock, if it can be reached."""
    device = state_of(world).devices.get(smartlock)
    if device is None or not state_of(world).door_of(device).online:
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
        push.tell_status(world, device)
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
    push.tell_log(world, row)


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
        state=_state(world, entry.why) if typed else SUCCESS,
        source=BY_CODE if typed else 0,
        auth_id=auth.id if auth else None,
        account_user=auth.settings.account_user if auth else None,
    )


def _state(world: World, reason: str) -> int:
    if reason == "opened":
        return SUCCESS
    if reason == "wrong-code":
        return INVALID_CODE
    return int(quirk(world, "refused-state"))


def _auth_of(device: Device, entry: SmartLockLogEntry) -> Auth | None:
    if entry.code is None:
        return None
    rows = device.auths.values()
    return next((auth for auth in rows if auth.number == entry.code), None)
