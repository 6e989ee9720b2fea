"""PINs on paper: each with its own window in UTC, as a person would write them down.

No permutation, no lock time, no judge: the model that locks and clouds are tried by.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LENGTHS = {"hourly": (HOUR, 1, 672), "daily": (DAY, 29, 367), "onetime": (DAY, 1, 1)}


@dataclass
class Sheet:
    """What is known of one PIN: from when, until when, first opened when."""

    kind: str
    start: datetime
    end: datetime | None
    opened_at: datetime | None = None

    def says(self, now: datetime) -> str:
        if self.kind == "onetime" and self.opened_at:
            return "burnt"
        if now < self.start:
            return "early"
        if self.end and now >= self.end:
            return "over"
        if not self.opened_at and now - self.start >= DAY:
            return "unused-24h"
        return "opened"


def expected_sheet(kind: str, start: datetime, duration: int) -> Sheet:
    if kind == "permanent":
        return Sheet(kind, start, None)
    return Sheet(kind, start, start + duration * LENGTHS[kind][0])
