"""Which accesses the owner must be shown of a booking. Pure.

the booking                        active accesses    statuses        rule
is to have a code                  one a door, which  created         CON-11 CON-09
                                   shows the code
was cancelled                      none               removed         CON-10
... at a vendor without revoking   none               not removed     IGL-08
... and while its code is good     one says that it goes on           IGL-08 CON-15
waits for its event                none               any             CON-04
longer than any code               none               failed          IGL-07
lost its rule to the owner         none               any             CON-16
was given one by the owner         one a door         created         CON-16

Of one whose code somebody took away at the vendor `notices` says more.
Of recurring keys nothing is said: a window may be there before its night or not.
A vendor whose one code opens all doors of a booking may show one access for them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from strikeplate.oracle.claims import claims, hindered
from strikeplate.oracle.doors import why_shut
from strikeplate.oracle.events import IRREVOCABLE, course, done_by
from strikeplate.oracle.windows import window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strikeplate.oracle.events import Course, Situation
    from strikeplate.oracle.windows import Window
    from strikeplate.profiles.shape import Resource

TOGETHER = ("exivo",)
"""Vendors whose one code opens all doors of a booking."""


@dataclass(frozen=True)
class AccessStatement:
    """How many accesses of a booking are active, and which statuses none may have."""

    booking: str
    at_least: int
    at_most: int
    rule: str
    never: frozenset[str] = frozenset()
    """Statuses that no active access may have; if none is to be active, no access."""

    rule_status: str = "CON-09"
    goes_on: bool = False
    """Whether an access must say that its code goes on opening."""

    shows_code: bool = False
    """Whether each active access must show its code."""


def accesses(situation: Situation, now: datetime) -> tuple[AccessStatement, ...]:
    """Return what is said at an instant of the accesses of each booking."""
    known = situation.known(now)
    return tuple(
        each for booking in known.bookings for each in _statement(known, booking, now)
    )


def _statement(
    known: Situation, booking: str, now: datetime
) -> Iterator[AccessStatement]:
    states = course(known, booking)
    state = states.now
    unsaid = state.granted is None or state.over or hindered(known, booking)
    if unsaid or now < states.done_by or _is_left_open(known, states):
        return
    if not state.granted:
        yield AccessStatement(
            booking,
            0,
            0,
            "CON-16" if states.edited else why_shut(states),
            _never(known, states),
            _ended(known, states),
            _goes_on(known, states, now),
        )
        return
    doors = _doors(known, states)
    end, name = state.placement.end, state.placement.resource
    if end is None:
        yield AccessStatement(booking, 1, sum(doors.values()), "EXV-02")
        return
    resource = known.resources[name]
    made = window(resource, state.placement.start, end, state.since)
    if made is None:
        yield AccessStatement(booking, 0, 1, "IGL-07", frozenset({"created"}), "IGL-07")
    elif _asked_until(states, resource, made) > now and not resource.recurring:
        least = 1 if resource.vendor in TOGETHER else doors[name]
        not_yet = frozenset({"in progress", "failed", "removed"})
        rule = "CON-16" if states.given else "CON-11"
        said = least, doors[name], rule, not_yet, "CON-09"
        yield AccessStatement(booking, *said, shows_code=True)


def _asked_until(states: Course, resource: Resource, made: Window) -> datetime:
    """Return until when a code of the booking must be shown.

    Where no code can be taken back, who is extended under way may use the old one to
    its end and then one of what is left, which may close as early as the booking.
    """
    placement = states.now.placement
    under_way = resource.vendor in IRREVOCABLE and states.now.since > placement.start
    return placement.end if under_way and placement.end else made.closes


def _is_left_open(known: Situation, states: Course) -> bool:
    """Say whether its code was taken away, or no change has to reach it."""
    resource = known.resources.get(states.now.placement.resource)
    final = resource is not None and resource.vendor in IRREVOCABLE
    taken = states.taken and states.now.granted
    return bool(taken or (states.edited and final) or states.edited_when_over)


def _doors(known: Situation, states: Course) -> dict[str, int]:
    placement = states.now.placement
    return {
        name: each.doors
        for name, each in known.resources.items()
        if placement.resource in {name, each.community}
    }


def _never(known: Situation, states: Course) -> frozenset[str]:
    """Return the statuses that no access of an ended booking may have.

    Nothing is said of what was over before it had to be ended, nor at igloohome of a
    code that may not have been made when its booking changed.
    """
    final = False
    for before, after in pairwise(states.states):
        resource = known.resources.get(before.placement.resource)
        end = before.placement.end
        if not before.granted:
            continue
        if resource is None or end is None:
            return frozenset()
        final = resource.vendor in IRREVOCABLE
        ended_by = states.now.since if final else states.done_by
        if end + resource.margin_after <= ended_by:
            return frozenset()
        if not window(resource, before.placement.start, end, before.since):
            return frozenset()  # it had an access without a code
        if final and done_by(before.since, states.faults) > after.since:
            return frozenset()
    if final:
        return frozenset({"removed"})
    return frozenset({"created", "in progress"}) if states.former else frozenset()


def _goes_on(known: Situation, states: Course, now: datetime) -> bool:
    """Say whether a cancelled booking has a code that nobody can take back."""
    if states.now.granted or states.now.rule != "CON-12":
        return False
    if _never(known, states) != {"removed"}:
        return False
    ends = [
        min(each.made.closes, each.made.unused or each.made.closes)
        for each in claims(known, states.booking)
    ]
    return bool(ends) and now < min(ends)


def _ended(known: Situation, states: Course) -> str:
    resource = known.resources.get(states.now.placement.resource)
    final = resource is not None and resource.vendor in IRREVOCABLE
    return "IGL-08" if final else "CON-10"
