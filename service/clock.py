"""The only place where the service reads the time.

Invariants: nothing else in `service/` asks for the present, so whoever turns the system
clock of this process turns the whole service.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """Return this instant as aware UTC."""
    return datetime.now(UTC)


class StepMonitor:
    """Notices when the clock is set, by a timer that cannot be set."""

    def __init__(
        self,
        clock: Callable[[], datetime] = now,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock, self._timer = clock, timer
        self._last = clock(), timer()

    def step(self) -> timedelta:
        """Return how far the clock was set since the last call; back is negative."""
        at, ticks = self._last
        self._last = self._clock(), self._timer()
        return self._last[0] - at - timedelta(seconds=self._last[1] - ticks)
