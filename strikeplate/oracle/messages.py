"""Which message each customer must have, and what none may have. Pure.

the booking               messages with a code                                   rule
is to have a code         one, at once                                           MSG-01
... hours before          none before that hour, one from then on                MSG-02
was changed               one more at most for each change                       CON-12
is told of                by the rule's channel                                  MSG-01
                          with its own start and end, in the lock's zone         MSG-04
                          with the static codes of its own slots, if in use      LIV-08
                          ... with none of a rule with grace, but its end        LIV-09
                          with the link to type it at, at Exivo                  MSG-05
... a rule with copies    also to the owner, with the same codes               MSG-03
waits for its event       none                                                   CON-04
cancelled before it       none                                                   MSG-06
cancelled afterwards      no further one                                         CON-12
longer than any code      none                                                   IGL-07
was refused at first      one by its start, if the refusal was over a day        CON-14
                          before
another customer's        never a code of it                                     MSG-01
a membership              one, at once; one more for each time of joining        EXV-02
is given a rule later     one, at once                                           CON-16

A message without a code, such as one about a cancellation, is nobody's concern here.
A booking that is over before it can be told of may have a message or none. Of one whose
rule the owner has changed, whose code somebody took away at the vendor, or that may be
one of several resources nothing is said: a code that is made anew is sent anew. Nor is
anything of recurring keys: when such a key is told no source says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from strikeplate.oracle.claims import hindered
from strikeplate.oracle.events import (
    DELIVERY,
    NEVER,
    SEVERAL,
    Situation,
    State,
    course,
    done_by,
    of_community,
    send_at,
)
from strikeplate.oracle.keys import Contract, carries_static_code
from strikeplate.oracle.windows import DAY, HOUR, window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strikeplate.oracle.events import Course, Placement
    from strikeplate.profiles.shape import Resource


LINKS = ("exivo",)
"""Vendors whose code is typed behind a link."""


@dataclass(frozen=True)
class MessageStatement:
    """How many messages with a code a customer has, and what the last one says.

    `times` are the local times of day that it must name, as HH:MM; `never` those that
    it must not. `channel` is None where there may be no message.
    """

    booking: str
    customer: str
    at_least: int
    at_most: int
    rule: str
    """Why there are no fewer."""

    rule_at_most: str
    """Why there are no more."""

    channel: str | None = None
    times: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    static: str = ""
    """The resource whose slots' static codes it must carry, and no others."""

    grace: str = ""
    """The time until which the same code takes the key back, instead of static ones."""

    copied: bool = False
    """Whether the owner must have a copy with its codes; as many at most."""

    owner: str = ""
    """The owner's address, where it is declared."""

    link: bool = False
    """Whether it must carry a link."""

    slots: int = 1
    """Of how many slots: a rule may have lost the others."""


def messages(situation: Situation, now: datetime) -> tuple[MessageStatement, ...]:
    """Return what is said at an instant of the messages of each booking."""
    known = situation.known(now)
    return tuple(
        each for booking in known.bookings for each in _statement(known, booking, now)
    )


def _statement(
    known: Situation, booking: str, now: datetime
) -> Iterator[MessageStatement]:
    states = course(known, booking)
    several = any(each.rule == SEVERAL for each in states.states)
    changed = (states.edited and not states.given) or states.taken
    there = known.resources.get(states.now.placement.resource)
    recurring = there is not None and there.recurring
    if hindered(known, booking) or changed or several or recurring:
        return
    who = booking, states.now.placement.customer
    most, why = _at_most(known, states, now)
    state = states.now
    resource = known.resources.get(state.placement.resource)
    if state.placement.end is None:
        resource = of_community(known, state.placement.resource)
    must = resource is not None and _must_have(resource, states, now)
    if not must or resource is None:
        yield MessageStatement(*who, 0, most, "MSG-01", why)
        return
    rule = "MSG-01" if resource.send_before is None else "MSG-02"
    if states.given:
        rule = "CON-16"
    if states.refused:
        rule = "CON-14"
    link = resource.vendor in LINKS
    if state.placement.end is None:
        by = resource.channel
        yield MessageStatement(*who, 1, most, "EXV-02", why, by, link=link)
        return
    times = own_times(resource, state)
    never = rounded_times(resource, state) - times
    static, by = _static(resource, state.placement), resource.channel
    said = MessageStatement(*who, 1, most, rule, why, by, times, never, static)
    grace = _grace(resource, state.placement)
    said = replace(said, slots=resource.doors, link=link, grace=grace)
    copied, owner = resource.copy_to_owner, resource.owner_email or ""
    yield replace(said, copied=copied, owner=owner)


def _static(resource: Resource, placement: Placement) -> str:
    """Return what is booked if its message must carry static codes; empty if not."""
    contract = Contract(placement.start, placement.end or NEVER, resource.return_grace)
    carried = carries_static_code(contract, in_use=resource.return_codes)
    return placement.resource if carried else ""


def _grace(resource: Resource, placement: Placement) -> str:
    """Return the time of day at which the grace period ends; empty without one.

    Whether a margin comes between the end and the grace, no source says.
    """
    if not resource.return_grace or resource.margin_after or placement.end is None:
        return ""
    return _clock(placement.end + resource.return_grace, resource)


def _may_have(known: Situation, state: State) -> bool:
    """Say whether a booking may ever be told a code in that state."""
    resource = known.resources.get(state.placement.resource)
    end = state.placement.end
    if state.granted is False:
        return False
    if end is None or resource is None:
        return True
    return bool(window(resource, state.placement.start, end, state.since))


def _at_most(known: Situation, states: Course, now: datetime) -> tuple[int, str]:
    """Return how many messages there may be, and the rule for it."""
    most, waiting, rule = 0, False, states.now.rule
    following = [*(each.since for each in states.states[1:]), now]
    for state, until in zip(states.states, following, strict=True):
        if not _may_have(known, state):
            continue
        resource = known.resources.get(state.placement.resource)
        late = done_by(until, known.faults) if until != now else until
        if resource is not None and send_at(resource, state) > late:
            waiting = True
            continue
        most += _parts(resource, state, known)
    if most:
        return most, "CON-12"
    if states.now.granted is False and len(states.states) > 1:
        return 0, "MSG-06"
    if waiting:
        return 0, "MSG-02"
    return 0, "IGL-07" if states.now.granted else rule


def _parts(resource: Resource | None, state: State, known: Situation) -> int:
    """Return in how many messages the codes of a booking may come.

    A fault may keep some of several doors from theirs; what there is goes out in time.
    """
    delayed = done_by(state.since, known.faults) > state.since + DELIVERY
    return resource.doors if resource is not None and delayed else 1


def _must_have(resource: Resource, states: Course, now: datetime) -> bool:
    state = states.now
    if not state.granted or state.placement.end is None:
        return bool(state.granted) and now >= states.done_by
    due = max(states.done_by, done_by(send_at(resource, state), states.faults))
    made = window(resource, state.placement.start, state.placement.end, state.since)
    if states.refused:
        due = tried_again_by(resource, states)
    return made is not None and due <= now and due < state.placement.end


def tried_again_by(resource: Resource, states: Course) -> datetime:
    """Return by when a booking that was refused has a code: by its start, or never.

    That is where what stood in its way has gone a day before, and nothing was made yet.
    """
    start = states.now.placement.start
    if states.former or states.tried_by + DAY > start:
        return NEVER
    return max(start, done_by(send_at(resource, states.now), states.passing))


def own_times(resource: Resource, state: State) -> frozenset[str]:
    """Return a booking's own start and end as times of day of the lock's zone."""
    instants = (state.placement.start, state.placement.end)
    return frozenset(_clock(at, resource) for at in instants if at is not None)


def rounded_times(resource: Resource, state: State) -> frozenset[str]:
    """Return the times of the code's window, which the customer must not be told.

    A code that must be used within 24 hours of its beginning may name that hour
    (IGL-05), and a grace period its end.
    """
    end = state.placement.end
    if end is None or end - state.placement.start > timedelta(hours=22):
        return frozenset()
    made = window(resource, state.placement.start, end, state.placement.start)
    if made is None or made.shuts - made.opens > timedelta(days=1) - HOUR:
        return frozenset()
    return frozenset(_clock(at, resource) for at in (made.opens, made.closes))


def _clock(at: datetime, resource: Resource) -> str:
    return at.astimezone(ZoneInfo(resource.zone)).strftime("%H:%M")
