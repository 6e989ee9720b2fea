"""When to look again for what is on its way to a lock.

Invariants: pure. A lock that is online confirms within seconds, so looks begin close
together; one that is offline may take a day, so they grow apart to a quarter of an
hour. A message of the lock system's own makes the next look due at once; these are
for the messages that stay away.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

STEPS: Final = tuple(
    timedelta(seconds=each) for each in (2, 3, 5, 10, 20, 30, 60, 120, 300, 600)
)
LONGEST: Final = timedelta(minutes=15)


def wait(polls: int) -> timedelta:
    """Return the wait after so many looks, one or more."""
    return STEPS[polls - 1] if 1 <= polls <= len(STEPS) else LONGEST


def next_poll_at(
    polls: int,
    *,
    now: datetime,
    until: datetime | None,
    retry_after: timedelta | None = None,
    spread: float = 0.0,
) -> datetime | None:
    """Return when to look again, None once `until` is there: the end of the window.

    By `retry_after` it is known what became of an order that has just gone out.
    `spread` from 0 to 1 keeps the looks of many apart once they are minutes apart.
    """
    pause = wait(polls)
    if polls > len(STEPS):
        pause *= 1 + spread / 4
    due = now + min(pause, retry_after or pause)
    return due if until is None or due < until else None
