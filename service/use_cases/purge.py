"""Purge: delete what was kept for the set time (CON-08)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.store import retention

if TYPE_CHECKING:
    from datetime import datetime

    from service.use_cases.dependencies import Dependencies


def purge(deps: Dependencies, now: datetime) -> int:
    """Return how many records were cleared."""
    before = now - timedelta(days=deps.settings.keep_days)
    deleted = 0
    while step := deps.store.write(lambda tx: retention.delete_old(tx, before)):
        deleted += step
    return deleted
