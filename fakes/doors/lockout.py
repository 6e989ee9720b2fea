"""How long a keypad is locked out after wrong codes: longer with each step.

Invariants: wrong tries in a row are counted; a right code resets the count. During a
lockout no code is read, so none is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Lockout:
    """The rising steps of one keypad: from this many wrong tries, this many seconds."""

    steps: tuple[tuple[int, float], ...]  # tries, seconds
    tries: int = 0
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether the keypad is locked out."""
        return self.until is not None and now < self.until

    def count(self, now: datetime) -> None:
        """Count a wrong try."""
        self.tries += 1
        reached = [seconds for tries, seconds in self.steps if self.tries >= tries]
        if reached:
            self.until = now + timedelta(seconds=reached[-1])

    def forgive(self) -> None:
        """Reset the wrong tries after a right code."""
        self.tries = 0
        self.until = None
