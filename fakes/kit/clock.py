"""The clock of one world: an instant, a mode, and the schedule of what is due.

Law: time only goes forward; what is due runs in the order (instant, sequence),
things scheduled on the way included; a move stops exactly at its target.
The schedule is plain data (a task's name and JSON values), so it can be stored.
A stopped clock moves when told; a running one follows the wall clock at the
distance it had when it was started, and catches up only when asked to.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from threading import RLock
from typing import Any
from typing import Literal

Mode = Literal["running", "stopped"]


class BackwardsError(ValueError):
    """The target of a move lies before the present instant."""


@dataclass(frozen=True, order=True)
class Due:
    """One thing that happens at an instant: a task's name and its JSON values."""

    at: datetime
    sequence: int
    task: str = field(compare=False)
    args: dict[str, Any] = field(compare=False)


Run = Callable[[Due], dict[str, Any] | None]


def wall() -> datetime:
    """Return the real present; the kit's only look at the real clock."""
    return datetime.now(UTC)


class Clock:
    """Virtual time, always aware and in UTC."""

    def __init__(
        self,
        now: datetime | None = None,
        *,
        mode: Mode | None = None,
        lock: Any = None,  # an RLock; typeshed has no public type for it
        present: Callable[[], datetime] = wall,
    ) -> None:
        self._present = present
        self._lock = lock or RLock()
        self._due: list[Due] = []
        self._sequence = 0
        self._now = (now or present()).astimezone(UTC)
        self._mode: Mode = mode or ("stopped" if now else "running")
        self._ahead = self._now - present()

    @property
    def now(self) -> datetime:
        """The instant at which this world stands (aware, UTC)."""
        return self._now

    @property
    def mode(self) -> Mode:
        """Whether the clock follows the wall clock."""
        return self._mode

    @property
    def next_at(self) -> datetime | None:
        """The instant of the next due thing, or nothing."""
        with self._lock:
            return self._due[0].at if self._due else None

    def call_at(self, at: datetime, task: str, **args: Any) -> None:
        """Schedule a task; an instant in the past means now."""
        with self._lock:
            self._sequence += 1
            at = max(at.astimezone(UTC), self._now)
            heapq.heappush(self._due, Due(at, self._sequence, task, args))

    def call_in(self, delay: timedelta, task: str, **args: Any) -> None:
        """Schedule a task after a span of virtual time."""
        self.call_at(self._now + delay, task, **args)

    def step(self, target: datetime) -> Due | None:
        """Move to the next due thing up to the target and take it off the schedule.

        When nothing (more) is due, the clock stands at the target afterwards.
        """
        with self._lock:
            if self._due and self._due[0].at <= target:
                due = heapq.heappop(self._due)
                self._now = max(self._now, due.at)
                return due
            self._now = max(self._now, target)
            return None

    def move_to(self, target: datetime, run: Run) -> list[dict[str, Any]]:
        """Run all that is due up to the target, stop exactly there, tell what ran.

        A task that answers nothing had nothing to do and is not told of.
        """
        if target < self._now:
            raise BackwardsError(
                f"time only goes forward: the clock stands at "
                f"{self._now.isoformat()}, {target.isoformat()} lies before it"
            )
        ran = list(self._steps(target.astimezone(UTC), run))
        self._ahead = self._now - self._present()
        return ran

    def _steps(self, target: datetime, run: Run) -> Any:  # a generator of records
        while due := self.step(target):
            told = run(due)
            if told is not None:
                yield {"at": due.at, "what": due.task, **told}
