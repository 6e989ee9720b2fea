"""A lock on a door in Stockholm, and a cloud that has nothing but its secret."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fakes.doors.algopin import PinMeaning, codec
from fakes.doors.lock import Lock
from fakes.doors.lockclock import HOUR, paired

PAIRED = datetime(2026, 11, 1, 12, tzinfo=UTC)


def install(
    zone: str = "Europe/Stockholm", *, wall: bool = False, **changes: Any
) -> Lock:
    """Return a freshly paired lock."""
    facts = {"secret": "a dummy secret", "master": "24681357"} | changes
    return Lock(
        id="door-1",
        vendor="igloohome",
        vendor_id="IGB40001",
        name="Front door",
        kind="lock",
        clock=paired(zone, PAIRED, wall=wall),
        **facts,
    )


def issue_pin(
    lock: Lock, kind: str, start: datetime, duration: int = 1, variant: int = 1
) -> str:
    """Return the PIN that the cloud would make; it looks at secret and zone only."""
    hour = int(lock.clock.reads(start) // HOUR)
    meaning = PinMeaning(kind, hour, duration, variant)
    return codec(lock.secret, lock.epoch).write(meaning)
