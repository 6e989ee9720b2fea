"""Load tests: booking platforms in numbers, and an audit at the doors afterwards.

Invariants: neither the service nor the fakes are imported; everything here speaks HTTP
and SMTP to what it tests. `bench` compares our own parts with baselines.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the real present; no other module here reads the clock."""
    return datetime.now(UTC)
