"""Sweep: what was kept for the set time is cleared (CON-08)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.store import retention

if TYPE_CHECKING:
    from datetime import datetime

    from service.use_cases.parts import Parts


def sweep(parts: Parts, now: datetime) -> int:
    """Return how many records were cleared."""
    before = now - timedelta(days=parts.settings.keep_days)
    cleared = 0
    while step := parts.store.write(lambda tx: retention.clear(tx, before)):
        cleared += step
    return cleared
