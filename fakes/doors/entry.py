"""What an entry at a door comes to: why, in one stable word, and by which rule.

Invariants: every door has one table of its reasons, and every reason names its rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class BadEntryError(ValueError):
    """Something was typed or asked for that has no key on this door."""


@dataclass(frozen=True)
class Entry:
    """What one entry came to; `at` is the instant by the world's clock."""

    opened: bool
    reason: str
    rule: str
    at: datetime
