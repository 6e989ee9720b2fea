"""Further codes of a run, beside those drawn first: deleted, of two doors, shortened.

Invariants: each stands in hours of its own, so that no other code of its door is near.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from strikeplate.explore.vendor_run import CodeStep, UseStep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from random import Random

    from strikeplate.explore.vendor_run import Step

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
APART = 9 * DAY
"""So far apart two guests have one key: longer than any of their contracts."""

SEVERAL = ("exivo", "nuki")
"""Vendors of whose codes a door has several, and that can delete one."""


def after_a_deletion(begin: datetime) -> Iterator[Step]:
    """Yield three codes of a door: the third is made once the first is deleted."""
    start = begin + 70 * HOUR
    first = CodeStep(
        do="make",
        at=begin + 40 * MINUTE,
        code="c7",
        door=1,
        start=start,
        end=start + 3 * HOUR,
    )
    yield first
    for code, after in (("c8", 20 * MINUTE), ("c9", 40 * MINUTE)):
        later = {"code": code, "at": first.at + after}
        yield first.model_copy(update=later)
    at = first.at + 30 * MINUTE
    yield CodeStep(do="delete", at=at, code="c7", door=1)


def of_two_doors(chance: Random, vendor: str, begin: datetime) -> Iterator[Step]:
    """Yield one call's code of two doors, which one call changes or deletes."""
    start = begin + 90 * HOUR
    made = CodeStep(
        do="make",
        at=begin + 35 * MINUTE,
        code="d1",
        door=chance.randint(0, 1),
        also="d2",
        start=start,
        end=start + 4 * HOUR,
    )
    yield made
    yield UseStep(at=start + 5 * MINUTE, code="d2")
    if vendor == "nuki" and chance.random() < 0.5:
        again = {"do": "change", "at": made.at + HOUR, "end": start + 6 * HOUR}
        yield made.model_copy(update=again)
    if chance.random() < 0.5:
        at = start + chance.choice((-HOUR, 2 * HOUR))
        yield made.model_copy(update={"do": "delete", "at": at})


def shortened(chance: Random, vendor: str, begin: datetime) -> Iterator[Step]:
    """Yield a code whose end is brought forward, before it begins or under way."""
    start = begin + 5 * APART
    end = start + chance.choice((20 * HOUR, 3 * DAY))
    at = begin + 38 * MINUTE
    made = CodeStep(do="make", at=at, code="e1", door=1, start=start, end=end)
    yield made
    again = {"do": "change", "at": start + chance.choice((-HOUR, HOUR))}
    yield made.model_copy(update={**again, "end": start + 3 * HOUR})
    if vendor == "livionkey" and chance.random() < 0.5:
        yield UseStep(at=start + 5 * MINUTE, code="e1", move="take")
