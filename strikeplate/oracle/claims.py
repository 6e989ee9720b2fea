"""Which windows a booking has had, and whether others keep it from a code. Pure.

A key that is given out is not given to another guest, and one window of an igloohome
lock has three codes (IGL-12): who books then may have none, and no rule says who.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strikeplate.oracle.events import IRREVOCABLE, KEYS, course
from strikeplate.oracle.windows import window

if TYPE_CHECKING:
    from strikeplate.oracle.events import Situation, State
    from strikeplate.oracle.windows import Window

VARIANTS = 3
"""How many codes one window of an igloohome lock has (IGL-12)."""


def hindered(known: Situation, booking: str) -> bool:
    """Say whether other bookings may ever have kept this one from a code."""
    mine = claims(known, booking)
    rest = [each for each in known.bookings if each != booking]
    others = [claim for each in rest for claim in claims(known, each)]
    return any(_clash(each, others, mine) for each in mine)


@dataclass(frozen=True)
class Claim:
    """A window that a booking had at a resource, in one of its states."""

    resource: str
    vendor: str
    made: Window
    state: State


def claims(known: Situation, booking: str) -> list[Claim]:
    """Return the windows of a booking, by each rule, in states that may have a code."""
    found = []
    for state in course(known, booking).states:
        placement = state.placement
        name, end = placement.resource, placement.end
        if state.granted is False or name not in known.resources or end is None:
            continue
        rules = [
            known.resources[name],
            *(rule for n, rule in known.before if n == name),
        ]
        made = (window(each, placement.start, end, state.since) for each in rules)
        found += [
            Claim(name, rules[0].vendor, each, state)
            for each in dict.fromkeys(made)
            if each
        ]
    return found


def _clash(one: Claim, others: list[Claim], mine: list[Claim]) -> bool:
    there = [each for each in others if each.resource == one.resource]
    if one.vendor in KEYS:
        return any(
            each.made.opens < one.made.closes and one.made.opens < each.made.closes
            for each in there
        )
    if one.vendor not in IRREVOCABLE:
        return False
    own = sum(_same_hours(each, one) for each in mine)
    return own + sum(_same_hours(each, one) for each in there) > VARIANTS


def _same_hours(one: Claim, other: Claim) -> bool:
    """Say whether two windows may be one to the lock.

    Of bookings that had begun the window begins with the hour in which it was made.
    """
    ends = (one.made.closes, one.made.shuts) == (other.made.closes, other.made.shuts)
    return one.resource == other.resource and ends
