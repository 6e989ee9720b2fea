"""Tidy: when a code whose time is over is taken off the lock that would keep it.

Invariants: a lock has room for so many codes, and where the vendor deletes none by
itself (`keeps_expired_codes`) we delete our own, and nobody else's. A code goes at the
end of its window. A customer's key stays for the bookings to come, and goes once it was
not used for as long as records are kept. Nobody waits for it: after some tries it is
tried seldom, and it is given up when its record would go.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from service.store.accesses import AFRESH

if TYPE_CHECKING:
    from datetime import datetime

    from service.store.accesses import Access
    from service.use_cases.dependencies import Dependencies

FREQUENT_TRIES: Final = 10
LATER_PAUSE: Final = timedelta(hours=6)
DELETED: Final = "Its time is over: it was deleted from the lock."


@dataclass(frozen=True, slots=True)
class CleanupPlan:
    """From when until when it is tried to take a code off its lock."""

    begins_at: datetime
    ends_at: datetime

    def next_try(
        self, due_at: datetime | None, *, attempts: int, now: datetime
    ) -> datetime | None:
        """Return when to try again what was to be tried again at `due_at`."""
        if due_at is None or attempts <= FREQUENT_TRIES or now < self.begins_at:
            return due_at
        return max(due_at, now + LATER_PAUSE)


def cleanup_plan(
    deps: Dependencies, access: Access, end: datetime | None
) -> CleanupPlan | None:
    """Return when the code of a window that ends then is tidied; None is never."""
    if end is None or not deps.vendors[access.vendor].keeps_expired_codes:
        return None
    keep = timedelta(days=deps.settings.keep_days)
    begins_at = end if access.key_fingerprint is None else end + keep
    return CleanupPlan(begins_at, begins_at + keep)


def cleanup_columns(
    deps: Dependencies, access: Access, end: datetime | None
) -> dict[str, object]:
    """Return the columns of an access whose code, if there is one, waits for it."""
    plan = cleanup_plan(deps, access, end)
    return {"due_at": plan and plan.begins_at, **AFRESH}
