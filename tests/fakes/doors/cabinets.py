"""A cabinet with four slots and two keys, one guest, and a clerk who tells it codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from fakes.doors.cabinet import Cabinet
from fakes.doors.key_slots import KeySlots
from fakes.doors.keycode import Grant, Memory
from fakes.doors.lockout import Lockout

START = datetime(2026, 12, 1, 15, tzinfo=UTC)
END = datetime(2026, 12, 4, 11, tzinfo=UTC)
CLOSES = END + timedelta(hours=1)
SECOND = timedelta(seconds=1)
PIN = "594395"
STATIC = "*7001"
BACKUP = "8438268923"


def grant(**changes: Any) -> Grant:
    facts = {"ref": "B-1", "key": "flat-1", "pin": PIN, "kind": "default"}
    times = {"start": START, "end": END, "closes": CLOSES}
    return Grant(**facts | times | changes)


def install(*grants: Grant, **memory: Any) -> Cabinet:
    """Return a cabinet that was told of the grants, and of flat 1's other codes."""
    key_slots = KeySlots(4)
    for slot, key in enumerate(("flat-1", "flat-2")):
        key_slots.add(key, slot, inside=True)
    codes = {"static": {"flat-1": "7001"}, "backup": {"flat-1": [BACKUP]}}
    return Cabinet(
        id="door-1",
        vendor="livionkey",
        vendor_id="000053",
        name="Lobby",
        product="key30",
        timezone="Europe/Helsinki",
        key_slots=key_slots,
        lockout=Lockout(((5, 60),)),
        memory=Memory(grants=list(grants), **codes | memory),
    )
