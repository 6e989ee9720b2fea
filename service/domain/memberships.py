"""Memberships: access for as long as somebody belongs to a community (EXV-02).

Invariants: pure. A membership is a booking of its community that begins when it is told
of and has no end until that is told too; so all that holds for bookings holds for it.
No code lasts for ever, so what is ordered reaches some steps ahead from its beginning
and is renewed before it ends: the same moment always wants the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

AHEAD: Final = timedelta(days=30)
"""How long before its end a member's code is renewed."""

PREFIX: Final = "membership:"
"""What tells the ref of a membership; no booking's id may begin so."""


def ref_of(membership: str) -> str:
    """Return the ref under which a membership is kept."""
    return PREFIX + membership


def membership_of(ref: str | None) -> str | None:
    """Return the membership's own id, None for the ref of a booking, or none."""
    if ref is None or not ref.startswith(PREFIX):
        return None
    return ref.removeprefix(PREFIX)


def reach(start: datetime, step: timedelta, now: datetime) -> datetime:
    """Return until when a member's code is good: whole steps from the start."""
    passed = max(now + AHEAD - start, timedelta()) // step
    return start + (passed + 1) * step


def renewal(until: datetime) -> datetime:
    """Return when a code that is good until then is renewed."""
    return until - AHEAD
