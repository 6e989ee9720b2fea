"""A door in Zurich that can be opened from afar, and whoever may pass it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fakes.doors.lockout import Lockout
from fakes.doors.onlinedoor import OnlineDoor
from fakes.doors.permit import Badge, Permit

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)  # a Tuesday, 13:00 in Zurich


def install(*permits: Permit, **changes: Any) -> OnlineDoor:
    """Return a door that was told these permits; it has a PIN pad."""
    facts = {"name": "Studio", "timezone": "Europe/Zurich", "keypad": True} | changes
    door = OnlineDoor(
        id="door-1",
        vendor="exivo",
        vendor_id="c-1",
        kind="electric-lock",
        lockout=Lockout(((5, 60),)),
        **facts,
    )
    for permit in permits:
        door.learn(permit, permit.ref)
    return door


def permit(pin: str | None = "0427", **changes: Any) -> Permit:
    """Return a permit that always holds, unless it is said when."""
    usual = {"ref": "ada", "always": not changes.get("hours")}
    return Permit(pin=pin, **usual | changes)


def badge(number: str = "ab12", until: datetime | None = None) -> tuple[Badge, ...]:
    return (Badge(number, until),)
