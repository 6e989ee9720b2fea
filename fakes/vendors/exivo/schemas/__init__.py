"""What is asked (`requests`), what is answered (`responses`), how times are written."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """Return an instant as Exivo writes one; fractions only if there are any."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def maybe(at: datetime | None) -> str | None:
    """Return an instant as Exivo writes one, or nothing for nothing."""
    return None if at is None else moment(at)
