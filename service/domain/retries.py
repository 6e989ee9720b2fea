"""When to try again what did not work.

Invariants: pure. Waits double from 5 seconds to a quarter of an hour, a vendor's own
`Retry-After` is honoured up to an hour, and tries go on as long as they can still
matter: towards the end of a window they come closer together, after it there is none.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(minutes=15)
LONGEST_ASKED_FOR: Final = timedelta(hours=1)
SPREAD: Final = 0.25


def wait(attempts: int, *, spread: float = 0.0) -> timedelta:
    """Return the wait after so many failed attempts, one or more.

    `spread` from 0 to 1 lengthens it by up to a quarter, so that what failed
    together does not come back together; take it from the access's id.
    """
    doublings = min(max(attempts, 1) - 1, 16)
    plain = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    return plain * (1 + SPREAD * spread)


def next_try(
    attempts: int,
    *,
    now: datetime,
    until: datetime | None,
    retry_after: timedelta | None = None,
    spread: float = 0.0,
) -> datetime | None:
    """Return when to try again, None when nothing is left to try for.

    `until` is the end of the window, None without one. `retry_after` is what the
    vendor asked for.
    """
    pause = wait(attempts, spread=spread)
    if until is not None:
        pause = min(pause, max((until - now) / 2, FIRST_WAIT))
    if retry_after is not None:
        pause = max(pause, min(retry_after, LONGEST_ASKED_FOR))
    due = now + pause
    return None if until is not None and due >= until else due
