"""The clock of one world: an instant, a mode, and the schedule of what is due.

Invariants: time only goes forward. Due tasks run in the order (instant, sequence),
including those that are scheduled during a move; a move stops exactly at its target.
The schedule is plain data (task name and JSON values), so it can be stored.
A stopped clock changes by `move_to` only. A running clock follows the wall clock at its
speed, and only when `catch_up` is called. What a client compares with a clock of
its own (the time in a signature, when a token expires) goes by the client clock.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any, Literal

Mode = Literal["running", "stopped"]
ClientClock = Literal["real", "world"]
"""Which clock a client has: the wall clock, or one that is set with the world."""


LONGEST_CHAIN = 1000
"""The longest chain of tasks at one instant, each scheduled by the one before.

A longer one is taken as endless. Tasks that are merely due at one instant are no chain.
"""


class BackwardsError(ValueError):
    """The target of a move lies before the present instant."""


class EndlessError(RuntimeError):
    """A task schedules itself again and again for one instant, so time cannot go on."""


@dataclass(frozen=True, order=True)
class Due:
    """A scheduled task: its name, its JSON arguments and its instant."""

    at: datetime
    sequence: int
    task: str = field(compare=False)
    args: dict[str, Any] = field(compare=False)
    since: datetime | None = field(default=None, compare=False)
    """When it was scheduled."""


# Runs one due task; a result other than None is added to the record of a move
Run = Callable[[Due], Mapping[str, Any] | None]


@dataclass(frozen=True)
class ClockState:
    """The state of a clock as plain data."""

    now: datetime
    mode: Mode
    sequence: int
    due: list[Due]
    client_clock: ClientClock = "real"
    speed: float = 1.0


def wall() -> datetime:
    """Return the real present; nothing else in the kit reads the real clock."""
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
        self.began = present()
        """The real instant at which it began; two runs of a world differ in it."""
        self.speed = 1.0
        """How many seconds pass in a running clock's world for each real one."""
        self._anchor = (self._now, self.began)
        self.client_clock: ClientClock = "real"

    @property
    def client_now(self) -> datetime:
        """The current instant of the clock that clients have."""
        return self._now if self.client_clock == "world" else self._present()

    @property
    def now(self) -> datetime:
        """The current instant of the world."""
        return self._now

    @property
    def mode(self) -> Mode:
        """Whether the clock follows the wall clock."""
        return self._mode

    @property
    def next_at(self) -> datetime | None:
        """The instant of the next scheduled task, or None."""
        with self._lock:
            return self._due[0].at if self._due else None

    def under_way_at(self, within: timedelta) -> datetime | None:
        """Return the instant of the next task that was scheduled so shortly before."""
        with self._lock:
            return min(
                (
                    due.at
                    for due in self._due
                    if due.since and due.at - due.since <= within
                ),
                default=None,
            )

    def call_at(self, at: datetime, task: str, **args: Any) -> None:
        """Schedule a task; an instant in the past counts as now."""
        with self._lock:
            self._sequence += 1
            at = max(at.astimezone(UTC), self._now)
            due = Due(at, self._sequence, task, args, self._now)
            heapq.heappush(self._due, due)

    def call_in(self, delay: timedelta, task: str, **args: Any) -> None:
        """Schedule a task after a delay in virtual time."""
        self.call_at(self._now + delay, task, **args)

    def move_to(self, target: datetime, run: Run) -> list[dict[str, Any]]:
        """Run all tasks due up to the target, stop exactly there, return what ran.

        A running clock continues from the target. BackwardsError if it lies behind;
        EndlessError if a task comes due for ever on the way.
        """
        if target < self._now:
            raise BackwardsError(
                f"time only goes forward: the clock stands at "
                f"{self._now.isoformat()}, {target.isoformat()} lies before it"
            )
        ran = list(self._steps(target.astimezone(UTC), run))
        self._anchor = (self._now, self._present())
        return ran

    def catch_up(self, run: Run) -> None:
        """Move a running clock to the wall clock; a stopped clock does not change."""
        if self._mode == "running":
            began, at = self._anchor
            target = began + (self._present() - at) * self.speed
            for _ in self._steps(max(target, self._now), run):
                pass

    def start(self, speed: float | None = None) -> None:
        """Follow the wall clock from the current instant on, at a speed if given."""
        self.speed = self.speed if speed is None else speed
        self._anchor = (self._now, self._present())
        self._mode = "running"

    def stop(self) -> None:
        """Stop at the current instant."""
        self._mode = "stopped"

    def dump(self) -> ClockState:
        """Return the state of the clock, the schedule in running order."""
        with self._lock:
            return ClockState(
                self._now,
                self._mode,
                self._sequence,
                sorted(self._due),
                self.client_clock,
                self.speed,
            )

    def load(self, state: ClockState) -> None:
        """Take over a dumped state, even if it lies in the past."""
        with self._lock:
            self._now = state.now.astimezone(UTC)
            self._sequence = state.sequence
            self._due = _heap(state.due)
            self._mode = state.mode
            self.client_clock = state.client_clock
            self.speed = state.speed
            self._anchor = (self._now, self._present())

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
        """Move to the next due task and return it, else to the target."""
        with self._lock:
            if self._due and self._due[0].at <= target:
                due = heapq.heappop(self._due)
                self._now = max(self._now, due.at)
                return due
            self._now = max(self._now, target)
            return None


class Chain:
    """Counts a chain of tasks at one instant, each scheduled by the one before."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._length = 0
        self._known = 0

    def endless(self, due: Due, latest: int) -> bool:
        """Return whether this task makes the chain too long.

        `latest` is the sequence number of the task that was scheduled last.
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
