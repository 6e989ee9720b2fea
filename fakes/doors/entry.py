"""The result of an entry at a door: whether it opened, and why, in one stable word.

Invariants: a door knows no rule ids. Each vendor maps the reasons of its doors to the
ids of the rules that they follow from (`Fake.rule_of`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


class BadEntryError(ValueError):
    """Something was typed or asked for that this door cannot take."""


@dataclass(frozen=True)
class Entry:
    """The result of one entry; `at` is the instant by the world's clock."""

    opened: bool
    reason: str
    at: datetime

    def details(self) -> dict[str, Any]:
        """Return what else the control interface shows of this entry."""
        return {}


def check_extra(extra: dict[str, Any], known: str) -> None:
    """Refuse further fields; `known` names what this door takes."""
    if extra:
        names = ", ".join(sorted(extra))
        raise BadEntryError(f"this door takes {known}; leave out {names}")
