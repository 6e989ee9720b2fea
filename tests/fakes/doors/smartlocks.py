"""A smart lock with a keypad on a door in Berlin."""

from __future__ import annotations

from typing import Any

from fakes.doors.codebook import Codebook, StoredCode
from fakes.doors.lockout import Lockout
from fakes.doors.schedule import Schedule
from fakes.doors.smartlock import SmartLock


def install(*, capacity: int = 100, **changes: Any) -> SmartLock:
    """Return a lock that has no code yet."""
    facts = {"timezone": "Europe/Berlin", "name": "Studio"} | changes
    return SmartLock(
        id="door-1",
        vendor="nuki",
        vendor_id="18233733061",
        kind="smartlock",
        codebook=Codebook(capacity),
        lockout=Lockout(((5, 30), (15, 300))),
        **facts,
    )


def store(lock: SmartLock, digits: str = "345678", **limits: Any) -> int:
    """Put a code into a lock; return its number there."""
    return lock.codebook.add(StoredCode(digits, "Ada Novak", Schedule(**limits)))
