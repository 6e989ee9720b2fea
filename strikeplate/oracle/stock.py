"""How many codes a door may have at its vendor. Pure.

Where codes can be revoked, a door has one for each booking that is to open it, and none
for any other (CON-11, RES-01); one whose rule the owner has deleted has none (CON-16).
A code whose time is over may stay, but at a Nuki lock, which holds a hundred, for a day
only (NUK-13). igloohome keeps every code there was. Nothing is said of members, nor of
recurring keys, which stay their customers' own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strikeplate.oracle.doors import door_of
from strikeplate.oracle.events import IRREVOCABLE, course
from strikeplate.oracle.windows import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from strikeplate.oracle.events import Course, Situation, State
    from strikeplate.profiles.shape import Resource

CLEARED = ("nuki",)


@dataclass(frozen=True)
class StockStatement:
    """How many codes there may be at most for each of a resource's first `doors`."""

    resource: str
    doors: int
    at_most: int
    rule: str


def stock(situation: Situation, now: datetime) -> Iterator[StockStatement]:
    """Yield what is said at an instant; nothing while a booking is being changed."""
    known = situation.known(now)
    courses = [course(known, booking) for booking in known.bookings]
    if any(now < each.done_by or each.now.granted is None for each in courses):
        return
    for name, resource in known.resources.items():
        unsaid = resource.community is not None or resource.recurring is not None
        if resource.vendor in IRREVOCABLE or unsaid:
            continue
        door = door_of(known, name)
        here = [
            each
            for each in courses
            if door_of(known, each.now.placement.resource) == door
        ]
        held = [each for each in here if each.now.granted or _over(each, resource)]
        current = [each for each in held if not _cleared(each, resource, now)]
        rule = _rule(name, courses) if current == held else "NUK-13"
        if any(each.edited and each.edited >= each.now.since for each in here):
            rule = "CON-16"
        yield StockStatement(name, resource.doors, len(current), rule)


def _rule(name: str, courses: Sequence[Course]) -> str:
    """Return the rule of a code too many: of a cancellation, if that is all it can be.

    A booking that left by a change, or one with two codes, is the rule of changes.
    """
    left = [each for each in courses if name in _places(each.former)]
    cancelled = [each for each in left if not each.now.granted]
    return "CON-10" if left and left == cancelled else "CON-11"


def _places(states: Sequence[State]) -> set[str]:
    return {state.placement.resource for state in states}


def _over(states: Course, resource: Resource) -> bool:
    """Say whether a code may stay as one that is over.

    That is after a check-out, or where its time ended before it had to be taken away.
    """
    end = states.now.placement.end
    ended = bool(end and end + resource.margin_after <= states.done_by)
    ended = ended or states.edited_when_over
    return ended or states.now.rule == "CON-17"


def _cleared(states: Course, resource: Resource, now: datetime) -> bool:
    """Say whether a code was over so long ago that it must be gone."""
    end = states.now.placement.end
    if end is None or resource.vendor not in CLEARED:
        return False
    return max(end + resource.margin_after, states.done_by) + DAY < now
