"""Which of a customer's codes opens which door, and when. Pure.

the codes                       at the doors booked now       elsewhere   rule
sent last                       the booking's window          shut        the window's
sent before, once it changed    shut; algoPINs live on (1)    shut        CON-11
all, once it was cancelled      shut; algoPINs live on (1)    shut        CON-10
all, once the guest checked out shut, at a cabinet of keys    shut        CON-17
a member's, while one           open now                      shut        EXV-02
all, once its rule is changed   the new rule's window         shut        CON-16
all, once its rule is deleted   shut                          shut        CON-16
all, where it has lost a door   shut there, as ever elsewhere shut        CON-16
sent though it was refused (2)  the booking's window          -           RES-02

(1) Nobody can revoke them (IGL-08): in their own windows either, shut outside.

(2) A vendor's final refusal excuses that there is no code; one that the customer of a
new booking was sent all the same must open.

A booking opens each door of its resource by a code of its own, or by one for all. What
a change has made different is *either* until it must be done. At igloohome a booking
that is changed under way may go on with the code of before.
What the owner changes reaches the codes that can be changed. An algoPIN cannot, and
another may be sent: one opens when each rule that there was lets it, and none when none
does; in between is *either*. Nothing is said of a code that somebody took away at the
vendor, at its own doors: whether it is made anew the rule may say (CON-13).
Two bookings may keep each other from a code (`claims`): that is *either* as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from strikeplate.oracle.answers import (
    EVER,
    Answer,
    Stretch,
    always,
    at,
    either_between,
    timeline,
)
from strikeplate.oracle.claims import claims, hindered
from strikeplate.oracle.events import (
    IRREVOCABLE,
    Situation,
    course,
    done_by,
    send_at,
)
from strikeplate.oracle.recurring import recurring
from strikeplate.oracle.windows import FIRST_USE, hour_up, window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strikeplate.oracle.answers import Timeline
    from strikeplate.oracle.events import Course, Placement
    from strikeplate.oracle.windows import Window
    from strikeplate.profiles.shape import Resource


class Which(Enum):
    """Which of a customer's codes a statement is about."""

    CURRENT = "told last"
    FORMER = "told before, and not last"
    ANY = "told at any time"


@dataclass(frozen=True)
class DoorStatement:
    """What must be seen when one of a customer's codes is typed at a door.

    OPEN says that one of the codes opens it, SHUT that none of them does. `door`
    counts the doors of a resource from 0.
    """

    booking: str
    customer: str
    resource: str
    door: int
    which: Which
    timeline: Timeline
    telling: tuple[datetime, ...] = ()
    """When a wrong code would show: the middles of all windows it ever had."""


def doors(situation: Situation, now: datetime) -> tuple[DoorStatement, ...]:
    """Return all that is said at an instant of the codes and doors of a situation.

    Statements look ahead: nothing that happens later is known.
    """
    known = situation.known(now)
    return tuple(
        each for booking in known.bookings for each in _statements(known, booking, now)
    )


def _statements(
    known: Situation, booking: str, now: datetime
) -> Iterator[DoorStatement]:
    states = course(known, booking)
    unsaid = states.now.granted is None or states.now.over
    if unsaid or hindered(known, booking):
        return
    if _edited_late(known, states):
        yield from _by_each_rule(known, states, now)
        return
    if states.refused and now >= states.tried_by:
        yield from _promised(known, states, now)
    if now < states.done_by:
        return
    placement = states.now.placement
    windows = [each.made for each in claims(known, booking)]
    telling = tuple(each.opens + (each.closes - each.opens) / 2 for each in windows)
    for name, resource in known.resources.items():
        booked = states.now.granted is not False and _is_of(name, resource, placement)
        shared = door_of(known, name) == door_of(known, placement.resource)
        if not booked and states.now.granted and shared:
            continue  # the code opens it, for another key
        if booked and states.taken:
            continue
        for door in range(known.doors_ever(name)):
            here = booked and door < resource.doors
            for which, good in _at_door(known, states, name, now, booked=here):
                used = _used(known, states, name, door, good)
                said = _by_edit(states, name, used)
                where = placement.customer, name, door
                yield DoorStatement(booking, *where, which, said, telling)


def _edited_late(known: Situation, states: Course) -> bool:
    """Say whether the owner changed what reaches no code, or none any more."""
    placement = states.now.placement
    resource = known.resources.get(placement.resource)
    if states.edited is None or resource is None:
        return False
    final = resource.vendor in IRREVOCABLE and not states.given
    return final or states.edited_when_over


def _by_each_rule(
    known: Situation, states: Course, now: datetime
) -> Iterator[DoorStatement]:
    """Yield of a new booking's algoPINs what all the rules say that there were."""
    placement, state = states.now.placement, states.now
    name, end, edited = placement.resource, placement.end, states.edited
    rules = [known.resources[name], *(r for n, r in known.before if n == name)]
    changed = any(each.placement != placement for each in states.states)
    if changed or end is None or edited is None or now < states.done_by:
        return
    found = [window(each, placement.start, end, state.since) for each in rules]
    made = [each for each in found if each and each.unused is None]
    if len(made) < len(rules) or edited >= min(each.earliest for each in made):
        return
    every = [each.timeline() for each in made]
    if not all(each.active for each in rules):
        every.append(always(Answer.SHUT, "CON-16"))
    said = _agreed(every)
    for door in range(known.resources[name].doors):
        yield DoorStatement(
            states.booking, placement.customer, name, door, Which.ANY, said
        )


def _agreed(every: list[Timeline]) -> Timeline:
    """Return what timelines agree on, and *either* for the rest."""
    found = []
    for edge in sorted({each.since for said in every for each in said}):
        answers = {at(said, edge).answer for said in every}
        answer = answers.pop() if len(answers) == 1 else Answer.EITHER
        found.append(Stretch(edge, answer, "CON-16"))
    return timeline(*found)


def _by_edit(states: Course, name: str, said: Timeline) -> Timeline:
    """Return the timeline, by the rule that the owner's last change reaches it."""
    edited, state = states.edited, states.now
    member = state.placement.end is None
    if not edited or edited < state.since:
        return said
    if name != state.placement.resource and not member:
        return said
    return tuple(replace(each, rule="CON-16") for each in said)


def _promised(
    known: Situation, states: Course, now: datetime
) -> Iterator[DoorStatement]:
    """Yield that a code opens that was sent of a new booking, refused or not."""
    placement = states.now.placement
    resource = known.resources.get(placement.resource)
    new = states.now.granted and not states.former
    unsaid = placement.end is None or states.edited or states.taken
    if resource is None or unsaid or not new:
        return
    assert placement.end
    times = placement.start, placement.end
    made = window(resource, *times, states.now.since)
    if made is None or made.unused is not None:
        return
    key = recurring(resource, *times, now) if resource.recurring else made.timeline()
    said = [
        replace(each, rule="RES-02")
        if each.answer is Answer.OPEN
        else replace(each, answer=Answer.EITHER)
        for each in key
    ]
    opening = either_between(timeline(*said), made.earliest, states.tried_by)
    what = states.booking, placement.customer, placement.resource
    for door in range(resource.doors):
        yield DoorStatement(*what, door, Which.CURRENT, opening)


def _is_of(name: str, resource: Resource, placement: Placement) -> bool:
    """Say whether a booking of that placement opens the doors of a resource."""
    if resource.community is not None:
        member = placement.end is None and resource.active
        return member and resource.community == placement.resource
    return placement.resource == name


def door_of(known: Situation, name: str) -> str:
    """Return the name of a resource's door, which several may share."""
    resource = known.resources.get(name)
    return resource.door or name if resource else name


Said = tuple[Which, "Timeline"]


def _at_door(
    known: Situation, states: Course, name: str, now: datetime, *, booked: bool
) -> Iterator[Said]:
    resource, state = known.resources[name], states.now
    outlived = _outlived(known, states, name)
    if not booked:
        rule = why_shut(states)
        yield Which.ANY, outlived or always(Answer.SHUT, rule)
        return
    if state.placement.end is None:
        yield Which.CURRENT, _of_member(states, now)
        return
    made = window(resource, state.placement.start, state.placement.end, state.since)
    if made is None:
        if not outlived:
            yield Which.ANY, always(Answer.SHUT, "IGL-07")
        return
    before = states.former or states.edited
    if before and now < done_by(send_at(resource, state), states.faults):
        return  # the code sent last is still that of before
    opening = _opening(made, states)
    if resource.recurring:
        times = state.placement.start, state.placement.end
        yield Which.CURRENT, recurring(resource, *times, now)
        yield Which.FORMER, always(Answer.SHUT, "CON-11")
        return
    if resource.vendor in IRREVOCABLE and _was_under_way(known, states):
        goes_on = _going_on(known, states, name, made)
        yield Which.ANY, _unless_outlived(goes_on, outlived)
        return
    yield Which.CURRENT, opening
    yield Which.FORMER, outlived or always(Answer.SHUT, "CON-11")


def _opening(made: Window, states: Course) -> Timeline:
    """Return the timeline of a code that is there once the change is done."""
    said = made.timeline()
    return either_between(said, min(made.earliest, states.now.since), states.done_by)


def _unless_outlived(said: Timeline, outlived: Timeline | None) -> Timeline:
    """Return the timeline, with *either* for *shut* where a code of before lives on."""
    if outlived is None:
        return said
    edges = sorted({each.since for each in (*said, *outlived)})
    found = []
    for edge in edges:
        stretch = at(said, edge)
        either = at(outlived, edge).answer is Answer.EITHER
        shut = stretch.answer is Answer.SHUT
        answer = Answer.EITHER if either and shut else stretch.answer
        found.append(Stretch(edge, answer, stretch.rule))
    return timeline(*found)


def _of_member(states: Course, now: datetime) -> Timeline:
    """Return the timeline of a member's code: open now, and later by renewal."""
    return timeline(
        Stretch(EVER, Answer.EITHER, "EXV-02"),
        Stretch(max(states.done_by, states.now.placement.start), Answer.OPEN, "EXV-02"),
        Stretch(now, Answer.OPEN, "EXV-02"),
    )


def why_shut(states: Course) -> str:
    """Return the rule by which a booking opens no door, or not this one."""
    state = states.now
    if state.granted:
        return "CON-11" if states.former else "CON-03"
    if state.rule == "CON-12":
        return "CON-10" if states.former else "CON-12"
    return state.rule


def _earlier(known: Situation, states: Course, name: str) -> list[Window]:
    """Return the windows that a booking had at a resource before, in its states."""
    resource = known.resources[name]
    return [
        found
        for state in states.states[:-1]
        if state.granted is not False
        and state.placement.end is not None
        and _is_of(name, resource, state.placement)
        and (
            found := window(
                resource, state.placement.start, state.placement.end, state.since
            )
        )
    ]


def _going_on(known: Situation, states: Course, name: str, made: Window) -> Timeline:
    """Return the timeline where a code of before may go on, with one for the rest.

    *Either* from when on one of them may be dead: each was to be used within 24 hours
    of its own beginning; that of the rest begins where the one before ends.
    """
    said = _opening(replace(made, unused=None), states)
    mine = [each for each in known.uses if each.booking == states.booking]
    uses = [each.at for each in mine if each.resource == name]
    earlier = _earlier(known, states, name)
    new = [(states.now.since, made.unused)]
    before = [(EVER, each.unused) for each in earlier]
    rest = [(each.closes, each.closes + FIRST_USE) for each in earlier]
    for since, dead in (*new, *before, *rest):
        if dead and not any(since <= used < dead for used in uses):
            said = either_between(said, dead, max(said[-1].since, dead))
    return said


def _outlived(known: Situation, states: Course, name: str) -> Timeline | None:
    """Return the timeline of codes of before that cannot be revoked; None if none."""
    resource = known.resources[name]
    if resource.vendor not in IRREVOCABLE:
        return None
    windows = _earlier(known, states, name)
    said = always(Answer.SHUT, "IGL-04")
    for found in windows:
        said = either_between(said, found.earliest, found.shuts)
    return said if windows else None


def _was_under_way(known: Situation, states: Course) -> bool:
    """Say whether a booking was changed while a code of before was good."""
    for before, after in pairwise(states.states):
        end, name = before.placement.end, before.placement.resource
        resource = known.resources.get(name)
        if not before.granted or end is None or resource is None:
            continue
        made = window(resource, before.placement.start, end, before.since)
        if made and made.earliest <= after.since:
            return True
    return False


def _used(
    known: Situation, states: Course, name: str, door: int, said: Timeline
) -> Timeline:
    """Return the timeline, with the rule of the first use where it was kept.

    A use before the latest change may have been of another code: either.
    """
    dead = next((each.since for each in said if each.rule == "IGL-05"), None)
    placement, state = states.now.placement, states.now
    uses = [
        each.at
        for each in known.uses
        if (each.booking, each.resource, each.door) == (states.booking, name, door)
    ]
    if dead is None or placement.end is None:
        return said
    made = window(known.resources[name], placement.start, placement.end, state.since)
    assert made is not None
    late = hour_up(states.done_by, ZoneInfo(known.resources[name].zone)) - state.since
    if any(state.since <= used < dead for used in uses):
        whole = made.timeline(used=True)
        return either_between(whole, min(made.earliest, state.since), states.done_by)
    if any(used < state.since for used in uses):
        return either_between(said, dead, made.shuts)
    begun = made.earliest <= states.done_by
    return either_between(said, dead, dead + late) if begun else said
