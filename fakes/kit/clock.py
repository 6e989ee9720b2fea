"""The clock of one world: an instant, a mode, and the schedule of what is due.

Invariants: time only goes forward; what is due runs in the order (instant, sequence),
things scheduled on the way included; a move stops exactly at its target.
The schedule is plain data (a task's name and JSON values), so it can be stored.
A stopped clock moves when told; a running one follows the wall clock at the
distance it had when it was started, and catches up only when asked to.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any, Literal

Mode = Literal["running", "stopped"]


LONGEST_CHAIN = 1000
"""A chain of more tasks than this at one instant, each set off by the last, is endless.

How many tasks are due at one instant does not matter.
"""


class BackwardsError(ValueError):
    """The target of a move lies before the present instant."""


class EndlessError(RuntimeError):
    """A task comes due again and again at one instant, so time cannot go on."""


@dataclass(frozen=True, order=True)
class Due:
    """One thing that happens at an instant: a task's name and its JSON values."""

    at: datetime
    sequence: int
    task: str = field(compare=False)
    args: dict[str, Any] = field(compare=False)


# Does one due thing; the answer (None: nothing to tell) joins the record of a move
Run = Callable[[Due], Mapping[str, Any] | None]


@dataclass(frozen=True)
class ClockState:
    """All that a clock is, as plain data."""

    now: datetime
    mode: Mode
    sequence: int
    due: list[Due]


def wall() -> datetime:
    """Return the real present; the kit's only look at the real clock."""
    return datetime.now(UTC)


class Clock:
    """Virtual time, always aware and in UTC.

    Without a `now` it starts at the real present, running; with one it is stopped.
    The lock guards the schedule; it is free while a due thing runs.
    """

    def __init__(
        self,
        now: datetime | None = None,
        *,
        lock: Any = None,  # an RLock; typeshed has no public type for it
        present: Callable[[], datetime] = wall,
    ) -> None:
        self._present = present
        self._lock = lock or RLock()
        self._due: list[Due] = []
        self._sequence = 0
        self._now = (now or present()).astimezone(UTC)
        self._mode: Mode = "stopped" if now else "running"
        self._ahead = self._now - present()

    @property
    def now(self) -> datetime:
        """The instant at which this world stands."""
        return self._now

    @property
    def mode(self) -> Mode:
        """Whether the clock follows the wall clock."""
        return self._mode

    @property
    def next_at(self) -> datetime | None:
        """The instant of the next due thing, or None."""
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

    def move_to(self, target: datetime, run: Run) -> list[dict[str, Any]]:
        """Run all that is due up to the target, stop exactly there, tell what ran.

        A running clock goes on from the target. BackwardsError if it lies behind;
        EndlessError if a task comes due for ever on the way.
        """
        if target < self._now:
            raise BackwardsError(
                f"time only goes forward: the clock stands at "
                f"{self._now.isoformat()}, {target.isoformat()} lies before it"
            )
        ran = list(self._steps(target.astimezone(UTC), run))
        self._ahead = self._now - self._present()
        return ran

    def catch_up(self, run: Run) -> None:
        """Bring a running clock to where the wall clock is; a stopped one stays."""
        if self._mode == "running":
            for _ in self._steps(self._present() + self._ahead, run):
                pass

    def start(self) -> None:
        """Follow the wall clock from the present instant on."""
        self._ahead = self._now - self._present()
        self._mode = "running"

    def stop(self) -> None:
        """Stand still where the clock is."""
        self._mode = "stopped"

    def dump(self) -> ClockState:
        """Return all that the clock is, the schedule in the order in which it runs."""
        with self._lock:
            return ClockState(self._now, self._mode, self._sequence, sorted(self._due))

    def load(self, state: ClockState) -> None:
        """Become what was dumped, even if that lies in the past."""
        with self._lock:
            self._now = state.now.astimezone(UTC)
            self._sequence = state.sequence
            self._due = _heap(state.due)
            self._mode = state.mode
            self._ahead = self._now - self._present()

    def _steps(self, target: datetime, run: Run) -> Iterator[dict[str, Any]]:
        chain = Chain()
        while due := self._step(target):
            if chain.endless(due, self._sequence):
                self._put_back(due)
                raise EndlessError(
                    f"the task {due.task!r} comes due for ever at "
                    f"{due.at.isoformat()}: {LONGEST_CHAIN} times in a row it was "
                    "scheduled anew for that very instant; let some time pass between"
                )
            record = run(due)
            if record is not None:
                yield {"at": due.at, "what": due.task, **record}

    def _put_back(self, due: Due) -> None:
        with self._lock:
            heapq.heappush(self._due, due)

    def _step(self, target: datetime) -> Due | None:
        """Move to the next due thing and take it, or to the target if there is none."""
        with self._lock:
            if self._due and self._due[0].at <= target:
                due = heapq.heappop(self._due)
                self._now = max(self._now, due.at)
                return due
            self._now = max(self._now, target)
            return None


class Chain:
    """How long a chain of tasks is that follow from each other at one instant."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._length = 0
        self._known = 0

    def endless(self, due: Due, latest: int) -> bool:
        """Tell whether the chain is too long with this one.

        `latest` is the sequence of what was scheduled last.
        """
        if due.at != self._at:
            self._at, self._length, self._known = due.at, 0, latest
        elif due.sequence > self._known:
            self._length, self._known = self._length + 1, latest
        return self._length > LONGEST_CHAIN


def _heap(due: Iterable[Due]) -> list[Due]:
    heap = list(due)
    heapq.heapify(heap)
    return heap
