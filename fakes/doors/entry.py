"""What an entry at a door comes to: why, in one stable word, and by which rule.

Law: every answer has a reason from this table, and every reason names its rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

RULES = {
    "opened": "IGL-04",
    "wrong-code": "IGL-01",  # says nothing to this lock, or of a far time
    "early": "IGL-04",
    "over": "IGL-04",
    "unused-24h": "IGL-05",
    "burnt": "IGL-10",  # a one-time PIN that has opened before
    "deleted": "IGL-01",  # taken out of the lock by somebody standing at it
    "full": "IGL-01",  # the lock remembers 199 PINs and no more
    "too-long": "IGL-01",  # more than 16 digits
    "locked-out": "IGL-01",  # too many wrong tries
    "no-power": "IGL-01",
    "no-keypad": "IGL-11",
}


class BadEntryError(ValueError):
    """Something was typed or asked for that has no key on this door."""


@dataclass(frozen=True)
class Entry:
    """What one entry came to; `at` is the instant by the world's clock."""

    opened: bool
    reason: str
    rule: str
    at: datetime
