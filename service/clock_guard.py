"""Follows the steps of this machine's clock, on behalf of the worker.

It stands apart from the worker since it can be told and tested by itself.

Invariants: a clock that is set back makes nothing wait longer. After a clock jumped
ahead nothing begins for `hold_seconds`, since what a wrong clock finds to be over would
be deleted; it begins at once when the clock is set back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from service.clock import StepMonitor, now
from service.observability import log
from service.store import clock_steps
from service.store.store import Store

SET: Final = timedelta(seconds=5)
"""By how much a clock must be set to count; time servers correct less in steps."""

JUMP: Final = timedelta(minutes=1)
NOTE_EVERY: Final = timedelta(minutes=1)


class ClockGuard:
    """Watches the clock of one worker; not for several threads."""

    def __init__(self, store: Store, hold_seconds: float) -> None:
        self._store = store
        self._hold_seconds = hold_seconds
        self._watch = StepMonitor()
        self._hold_ends = 0.0
        self._was: datetime | None = None
        self._noted_at: datetime | None = None

    def follow(self) -> bool:
        """Adapt to a clock that was set; tell whether nothing may begin for now."""
        step, at = self._watch.step(), now()
        if step > JUMP:
            self._hold_ends = monotonic() + self._hold_seconds
            log.error("clock jumped ahead", seconds=round(step.total_seconds()))
        elif step < -SET:
            self._was = at - step
        elif self._noted_at is None:
            self._was = self._seen_before(at)
        if self._was is not None:
            self._bring_back(self._was, at)
        held = monotonic() < self._hold_ends
        if not held and (self._noted_at is None or at - self._noted_at >= NOTE_EVERY):
            self._store.write(lambda tx: clock_steps.note_seen(tx, at))
            self._noted_at = at
        return held

    def _bring_back(self, was: datetime, at: datetime) -> None:
        moved = self._store.write(lambda tx: clock_steps.bring_back(tx, was, at))
        self._was, self._noted_at, self._hold_ends = None, at, 0.0
        log.error("clock was set back", moved=moved)

    def _seen_before(self, at: datetime) -> datetime | None:
        """Return the later instant that a process saw before, if there is one."""
        seen = self._store.read_one(clock_steps.seen_at)
        return seen if seen and seen - at > JUMP else None
