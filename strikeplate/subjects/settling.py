"""When an external subject has finished what an event asked of it. Pure.

It has finished once nothing is under way: no vendor call open, no change of a vendor's
state and no message for its `patience`, nothing on its way at a vendor, and, if it
looks at the vendor again and again until something is there, a look after the last
thing that came. Looking alone is no sign of work: an integration may look for ever. A
call or message that failed by a fault which is over is tried again, after a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

RETRY_SECONDS = 15.0
"""So long the next call is waited for after one that failed by a fault now over."""


class Next(Enum):
    """What to do now."""

    WAIT = "wait"
    GO_ON = "let what is due at a vendor happen"
    DONE = "done"
    GIVE_UP = "stop waiting, and say so"


@dataclass(frozen=True)
class Signs:
    """What was seen of the subject: calls that change or read, and messages.

    `open` calls have no answer yet. It `owes` a call or a message when its last one
    failed by a fault that is over.
    """

    changes: int = 0
    looks: int = 0
    messages: int = 0
    open: int = 0
    owes: bool = False


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
        enough = max(self.patience, RETRY_SECONDS) if signs.owes else self.patience
        if self.quiet < enough or self.looks_before is not None:
            return Next.WAIT
        return Next.GO_ON

    def something_came(self) -> None:
        """Take it that a vendor's state changed by itself; who looks looks again."""
        self.quiet = 0.0
        self.looks_before = self.seen.looks or None
