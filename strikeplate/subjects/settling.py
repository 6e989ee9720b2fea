"""When an external subject has finished what an event asked of it. Pure.

It has finished once nothing is under way: no vendor call open, no change of a vendor's
state and no message for its `patience`, nothing on its way at a vendor, and, if it
looks at the vendor again and again until something is there, a look after the last
thing that came. Looking alone is no sign of work: an integration may look for ever. A
call or message that failed by a fault which is over is tried again, after a while.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

HORIZON = timedelta(minutes=2)
"""So far a stopped world's time goes on by itself, for what is under way to arrive."""

SOON = timedelta(seconds=8)
"""So far ahead a running world is waited for."""

BUSY_SECONDS = 30.0
"""So long a subject is waited for; it is said when that was not enough."""

POLL_SECONDS = 0.05
RARE_SECONDS = 0.25
"""How often a subject is looked at that works, and one that was quiet for a while."""

ON_THE_WAY = timedelta(milliseconds=150)
"""So long it may be quiet at a stop on the way to the instant that a scenario names."""

RETRY_SECONDS = 15.0
"""The longest pause before another try that is waited for."""


@dataclass
class Retries:
    """The pause that a subject may make before it tries again; monotonic seconds.

    One that waits twice as long after each failure makes no longer pause than the
    faults have lasted, and half as long again covers chance.
    """

    since: float | None = None
    lasted: float = 0.0
    over: bool = True

    def pause(self, now: float, *, struck: bool, over: bool) -> float:
        """Return the pause: its last try was struck or not, faults are over or not."""
        self.over = over
        if struck and self.since is None:
            self.since = now
        if self.since is None:
            return 0.0
        if not over:
            self.lasted = now - self.since
            return 0.0
        return RETRY_SECONDS if struck else min(RETRY_SECONDS, 1.5 * self.lasted)


@dataclass
class Ahead:
    """What is known of the time to come, for a subject that does not tell its plans."""

    midnights: set[datetime] = field(default_factory=set)
    """The beginnings of the days of bookings: many push what a day needs then."""

    def expect(self, start: datetime) -> None:
        """Take in that something begins, by the clocks at its door."""
        self.midnights.add(start.replace(hour=0, minute=0, second=0, microsecond=0))

    def next_at(self, now: datetime | None, other: datetime | None) -> datetime | None:
        """Return the next midnight at which it may have work, or what comes before."""
        later = [at for at in self.midnights if now is not None and at > now]
        return min([*later, other] if other else later, default=None)


class Next(Enum):
    """What to do now."""

    WAIT = "wait"
    GO_ON = "let what is due at a vendor happen"
    DONE = "done"
    GIVE_UP = "stop waiting, and say so"


@dataclass(frozen=True)
class Signs:
    """What was seen of the subject: calls that change or read, and messages.

    `open` calls have no answer yet. A `pause` in seconds is what it may make before it
    tries again, after a fault that is over.
    """

    changes: int = 0
    looks: int = 0
    messages: int = 0
    open: int = 0
    pause: float = 0.0


@dataclass
class Settling:
    """One wait for the subject; times in seconds of real time."""

    patience: float
    longest: float
    seen: Signs = Signs()
    waited: float = 0.0
    quiet: float = 0.0
    looks_before: int | None = None
    """How often it had looked when something came; None when no look is waited for."""

    def after(self, signs: Signs, seconds: float) -> Next:
        """Return what to do, given what is seen now and how long the last wait was."""
        self.waited += seconds
        self.quiet += seconds
        before = self.seen
        worked = signs.changes > before.changes or signs.messages > before.messages
        looked = self.looks_before is not None and signs.looks > self.looks_before
        if worked or looked or signs.open:
            self.quiet = 0.0
        if worked or looked:
            self.looks_before = None
        self.seen = signs
        if self.waited >= self.longest:
            return Next.GIVE_UP
        enough = max(self.patience, signs.pause)
        if self.quiet < enough or self.looks_before is not None:
            return Next.WAIT
        return Next.GO_ON

    @property
    def pause(self) -> float:
        """How long to wait until the next look: longer, the longer it was quiet."""
        left = self.patience - self.quiet
        return max(POLL_SECONDS, min(self.quiet / 2, RARE_SECONDS, left))

    def something_came(self) -> None:
        """Take it that a vendor's state changed by itself; who looks looks again."""
        self.quiet = 0.0
        self.looks_before = self.seen.looks or None
