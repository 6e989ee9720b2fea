"""What the cloud tells its devices: all their codes, whenever they are connected.

Invariants: a device first reports what happened at it, and is then told everything, not
only what is new. A device that is offline keeps the codes that it had, and is told the
latest when it is back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fakes.doors.cabinet import Cabinet
from fakes.doors.entrance import Pass
from fakes.doors.keycode import Grant, Memory
from fakes.doors.schedule import MONDAY, Schedule
from fakes.vendors.livionkey import device_events
from fakes.vendors.livionkey.state import (
    AccessRight,
    Contract,
    Device,
    Handover,
    quirk,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fakes.kit.world import World


TASK = "livionkey.sync"
KEPT = timedelta(days=1)  # after its death a device still knows a code, and refuses it


def sync_devices(world: World, ids: Iterable[str]) -> None:
    """Send devices their codes, now or as soon as they are connected."""
    state = state_of(world)
    wait = timedelta(seconds=quirk(world, "sync-seconds"))
    for device in sorted(ids):
        if device not in state.unsynced:
            state.unsynced.append(device)
        if wait:
            world.call_at(world.now + wait, TASK, device=device)
        else:
            run(world, device=device)


def sync_keys(world: World, ids: Iterable[str]) -> None:
    """Send changed keys to their cabinets, and to keypads that take return codes."""
    state = state_of(world)
    keypads = [each.vendor_id for each in state.keypads.values()]
    everywhere = quirk(world, "keypads-take-return-codes")
    sync_devices(world, {*ids, *(keypads if everywhere else ())})


def run(world: World, *, device: str) -> Mapping[str, Any] | None:
    """Tell a device its codes, unless it is offline or knows them."""
    state = state_of(world)
    record = state.devices.get(device)
    if record is None or device not in state.unsynced:
        return None
    door = state.door_of(record)
    if not door.connected:
        return None
    device_events.collect(world, record)
    codes: Iterable[Grant | Pass]
    if isinstance(door, Cabinet):
        memory = memory_of(world, record)
        door.learn(memory)
        codes = memory.grants
    else:
        codes = passes = passes_of(world, record)
        door.learn(passes)
    marks = map(mark, codes)
    record.known = {each: record.known.get(each, world.now) for each in marks}
    state.unsynced.remove(device)
    record.synced_at = world.now
    return {"device": device}


def mark(code: Grant | Pass) -> str:
    """Return a text that changes whenever anything about the code does."""
    return repr(code)


def memory_of(world: World, device: Device) -> Memory:
    """Return all that a cabinet is to know."""
    state = state_of(world)
    keys = state.keys_of(device.id)
    grants = [
        _grant(world, contract, handover)
        for contract in state.contracts_of(*keys)
        if _is_of_use(state.closes(contract), world.now)
        for handover in contract.handovers
        if handover.device == device.id
    ]
    spent = quirk(world, "backup-codes-spent")
    return Memory(
        grants=grants,
        static={key.id: key.return_code for key in keys if key.return_code},
        backup={key.id: list(key.backup) for key in keys},
        grace_allows_fetch=quirk(world, "grace-allows-fetch"),
        return_ends_grant=quirk(world, "invalidate-on-return"),
        backup_is_spent=spent in {"all", device.product},
    )


def passes_of(world: World, device: Device) -> list[Pass]:
    """Return all that a keypad is to know."""
    state = state_of(world)
    passes = [
        Pass(right.id, right.pin, _schedules(world, right))
        for right in state.live_rights()
        if device.id in right.devices and _is_of_use(right.end, world.now)
    ]
    if quirk(world, "keypads-take-return-codes"):
        passes += [
            Pass(key.id, f"*{key.return_code}", (Schedule(),), "static")
            for key in state.keys.values()
            if key.return_code
        ]
    return passes


def _grant(world: World, contract: Contract, handover: Handover) -> Grant:
    end, closes = contract.end, state_of(world).closes(contract)
    if handover.returned_at and quirk(world, "invalidate-on-return"):
        end = closes = handover.returned_at
    return Grant(
        ref=contract.id,
        key=handover.key,
        pin=handover.pin,
        kind=contract.kind,
        start=contract.start,
        end=end,
        closes=closes,
        frees_slot=contract.frees_slot,
    )


def _schedules(world: World, right: AccessRight) -> tuple[Schedule, ...]:
    if not right.weekly:
        return (Schedule(right.start, right.end),)
    first = quirk(world, "weekly-day-zero") == "sunday"
    return tuple(
        Schedule(
            right.start,
            right.end,
            weekdays=sum(MONDAY >> (day - first) % 7 for day in _days(hours)),
            from_minute=_minute(hours["startTime"]),
            until_minute=_minute(hours["endTime"]),
        )
        for hours in right.weekly
    )


def _days(hours: Mapping[str, Any]) -> list[int]:
    return [int(day) for day, holds in hours["days"].items() if holds]


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def _is_of_use(closes: datetime | None, now: datetime) -> bool:
    return closes is None or now < closes + KEPT
