"""The present: where load tests look at the real clock, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the real present."""
    return datetime.now(UTC)
