"""The only place where the service reads the time.

Invariants: nothing else in `service/` asks for the present, so whoever turns the system
clock of this process turns the whole service.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return this instant as aware UTC."""
    return datetime.now(UTC)
