"""How far a long command is, in words: share done and time left.

Invariants: reads no clock that a scenario has turned.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from freezegun.api import real_monotonic

EARLY = 5.0
"""Seconds before a first estimate is worth a word."""

MINUTE, HOUR = 60.0, 3600.0


@dataclass
class Progress:
    """Counts what is done of a total, in any unit."""

    total: float
    done: float = 0.0
    began: float = field(default_factory=real_monotonic)

    def step(self) -> None:
        """Count one more."""
        self.done += 1

    def __str__(self) -> str:
        """Return the share done and, once it can be estimated, the time left."""
        return in_words(self.done, self.total, real_monotonic() - self.began)


def in_words(done: float, total: float, elapsed: float) -> str:
    """Return how far it is after so many seconds: `42 %, 3 min left`."""
    if total <= 0 or done >= total:
        return "100 %"
    share = f"{100 * done / total:.0f} %"
    if not done or elapsed < EARLY:
        return share
    return f"{share}, {span((total - done) * elapsed / done)} left"


def span(seconds: float) -> str:
    """Return a span in the unit that people would say it in: `40 s`, `3 min`."""
    if seconds < MINUTE:
        return f"{max(seconds, 1):.0f} s"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds // HOUR:.0f} h {seconds % HOUR // MINUTE:.0f} min"
