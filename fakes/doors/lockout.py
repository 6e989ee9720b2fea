"""How long a keypad is dead after wrong codes: the more of them, the longer.

Invariants: tries are counted in a row; one that is right forgets them. While the keypad
is dead nothing is read, so nothing is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Lockout:
    """The steps of one keypad, rising: from so many wrong tries on, dead so long."""

    steps: tuple[tuple[int, float], ...]  # tries, seconds
    tries: int = 0
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether the keypad is dead."""
        return self.until is not None and now < self.until

    def count(self, now: datetime) -> None:
        """Take note of a wrong try."""
        self.tries += 1
        reached = [seconds for tries, seconds in self.steps if self.tries >= tries]
        if reached:
            self.until = now + timedelta(seconds=reached[-1])

    def forgive(self) -> None:
        """Forget the wrong tries: somebody got in."""
        self.tries = 0
        self.until = None
