"""What the server learns from a lock: which codes it really has.

Invariants: a sync looks at the lock and corrects the copy, never the lock. It runs when
a client asks for it, and once a day when there is something to correct. Until then the
server does not know what an app has changed at the lock. Rows with an order on its way
are left alone; so are ghosts, unless the switch says otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fakes.vendors.nuki import push, report
from fakes.vendors.nuki.limits import code_of, settings_of
from fakes.vendors.nuki.state import (
    KEYPAD_CODE,
    Auth,
    Device,
    object_id,
    quirk,
    state_of,
)

if TYPE_CHECKING:
    from fakes.doors.codebook import StoredCode
    from fakes.kit.world import World

SYNC = "nuki.sync"


def wait_for_the_day(world: World, device: Device) -> None:
    """Let the next daily sync look at the lock."""
    if device.sync_at is None:
        device.sync_at = _next(world.now, int(quirk(world, "daily-sync-hour")))
        world.call_at(device.sync_at, SYNC, smartlock=device.smartlock_id)


def ask(world: World, device: Device) -> None:
    """Let a sync look at the lock soon, because a client wants it."""
    at = world.now + timedelta(seconds=float(quirk(world, "delivery-seconds")))
    world.call_at(at, SYNC, smartlock=device.smartlock_id)


def sync(world: World, *, smartlock: int) -> dict[str, Any] | None:
    """Correct the copy of one lock, if it can be reached; else try the next day."""
    device = state_of(world).devices.get(smartlock)
    if device is None:
        return None
    if device.sync_at is not None and world.now >= device.sync_at:
        device.sync_at = None
    if not state_of(world).door_of(device).online:
        wait_for_the_day(world, device)
        return {"smartlock": smartlock, "came_to": "out of reach"}
    report.pull(world, device)
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
        push.tell_auth(world, device, row)
    gone = [row for row in known.values() if not row.operation]
    if quirk(world, "sync-clears-ghosts"):
        gone += [row for row in rows if row.number is None and not row.operation]
    for row in gone:
        del device.auths[row.id]
        push.tell_auth(world, device, row, deleted=True)
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
