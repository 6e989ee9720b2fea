"""A booking as the sum of its events, and until when each change must be done. Pure.

what arrived                                     what holds                   rule
the event of its rule (confirmed, paid, ...)     a code                       CON-04
several events, in any order, repeated           the one that happened last   CON-12
a cancellation, also before its booking          nothing                      CON-12
a new time or resource                           the new one alone            CON-11
a cancellation, then a confirmation of later     either: no source says
a change of a booking that was never confirmed   either: no source says
another resource, named by no change             either: no source says
a check-out, where keys are given back           nothing                      CON-17
a check-out elsewhere                            either: no source says
while the connection is off                      cancellations alone   RES-07 CON-07
its rule is changed by the owner                 a code by the new rule       CON-16
its rule is deleted by the owner                 nothing                      CON-16
its rule loses a door to the owner               the others                   CON-16
its resource is given the rule of another        a code                       CON-16
a membership, ended and started anew             as the last one says         EXV-02

What arrived must be done five minutes later: a lock confirms by radio (NUK-02). A fault
of the vendor, of the mail server or of the line delays that, never what is done already
(RES-01). What a vendor has refused for good need never be done (RES-02).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from strikeplate.profiles.shape import Resource

DELIVERY = timedelta(minutes=5)
"""How long a change may take without any fault: a code goes by radio (NUK-02)."""

AFTER_FAULT = timedelta(hours=6)
"""How long after the end of a fault what it kept from being done may take (RES-01)."""

KEYS = ("livionkey",)
"""Vendors of keys: whoever has a key has it alone, and gives it back."""

IRREVOCABLE = ("igloohome",)
"""Vendors whose codes nobody can take back (IGL-08)."""

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""Until when something must be done that need not be done at all."""

SEVERAL = "CON-03"
"""The rule of a booking that may be one of several resources."""

MEMBERSHIP = ("membership_started", "membership_ended")
CANCELLED = "cancelled"


@dataclass(frozen=True)
class Placement:
    """What is booked: a resource (or a community), from when to when, for whom.

    A membership has no end.
    """

    resource: str
    start: datetime
    end: datetime | None
    customer: str


@dataclass(frozen=True)
class Event:
    """One event of a booking: when it happened, and when it arrived each time."""

    booking: str
    kind: str
    happened: datetime
    arrived: datetime
    placement: Placement


@dataclass(frozen=True)
class Fault:
    """A time in which something that the integration relies on did not work.

    `final`: the vendor said that asking again is of no use.
    """

    since: datetime
    until: datetime
    final: bool = False


@dataclass(frozen=True)
class Use:
    """A code that opened a door: whose booking's, at which door, and when.

    By a `move`, "take" or "return", the key behind that door was moved.
    """

    booking: str
    resource: str
    door: int
    at: datetime
    move: str | None = None


@dataclass(frozen=True)
class Edit:
    """The owner has changed the rule of a resource; one not `active` is deleted.

    `given`: the rule was another resource's until then.
    """

    resource: str
    at: datetime
    rule: Resource
    given: bool = False


@dataclass(frozen=True)
class Taken:
    """Somebody took the codes of a booking away in the vendor's own app."""

    booking: str
    at: datetime


@dataclass(frozen=True)
class Situation:
    """All that the oracle is given."""

    resources: Mapping[str, Resource]
    events: Sequence[Event]
    faults: Sequence[Fault] = ()
    uses: Sequence[Use] = ()
    off: Sequence[tuple[datetime, datetime]] = ()
    """From when until when the owner has switched the connection off."""

    edits: Sequence[Edit] = ()
    taken: Sequence[Taken] = ()
    before: Sequence[tuple[str, Resource]] = ()
    """The rules that resources had until their owner changed them, once it is known."""

    def known(self, now: datetime) -> Situation:
        """Return the situation as far as it had come at an instant."""
        edits = [each for each in self.edits if each.at <= now]
        rules, before = dict(self.resources), []
        for each in edits:
            if each.resource in rules:
                before.append((each.resource, rules[each.resource]))
            rules[each.resource] = each.rule
        return Situation(
            rules,
            [each for each in self.events if each.arrived <= now and self._takes(each)],
            [each for each in self.faults if each.since <= now],
            [each for each in self.uses if each.at <= now],
            edits=edits,
            taken=[each for each in self.taken if each.at <= now],
            before=before,
        )

    def _takes(self, event: Event) -> bool:
        """Say whether an event is taken that arrives then."""
        off = any(since <= event.arrived < until for since, until in self.off)
        return event.kind == "cancelled" or not off

    def doors_ever(self, name: str) -> int:
        """Return how many doors the rule of a resource has had at most."""
        before = (rule.doors for of, rule in self.before if of == name)
        return max(self.resources[name].doors, *before, 1)

    @property
    def bookings(self) -> tuple[str, ...]:
        """The bookings that something arrived about, in that order."""
        return tuple(dict.fromkeys(each.booking for each in self.events))


@dataclass(frozen=True)
class State:
    """What is known of a booking from an arrival on.

    `granted` is None where no source says whether there is to be a code.
    """

    since: datetime
    placement: Placement
    granted: bool | None
    rule: str
    """Why it is granted, or is not."""

    @property
    def over(self) -> bool:
        """Whether its time was over when it arrived: nothing is said of such."""
        return self.placement.end is not None and self.placement.end <= self.since


@dataclass(frozen=True)
class Course:
    """The states of one booking, oldest first; there is at least one."""

    booking: str
    states: tuple[State, ...]
    faults: Sequence[Fault] = field(default=())
    edited: datetime | None = None
    """When the owner changed the rule of a resource that it has, or had, the last."""

    taken: datetime | None = None
    """When somebody took its codes away at the vendor, the last time."""

    given: bool = False
    """Whether it had no rule until the owner gave it that of another resource."""

    @property
    def now(self) -> State:
        """The state at present."""
        return self.states[-1]

    @property
    def done_by(self) -> datetime:
        """When the present state must have been carried out."""
        due = done_by(self.now.since, self.faults)
        return max(due, done_by(self.edited, self.faults)) if self.edited else due

    @property
    def edited_when_over(self) -> bool:
        """Whether the owner's last change came after its booked time: left open."""
        end = self.now.placement.end
        return bool(self.edited and end and end <= self.edited)

    @property
    def refused(self) -> bool:
        """Whether the vendor may have refused the present state for good."""
        return done_by(self.now.since, self.faults) == NEVER

    @property
    def tried_by(self) -> datetime:
        """When all was done of the present state that the vendor did not refuse."""
        return done_by(self.now.since, self.passing)

    @property
    def passing(self) -> list[Fault]:
        """The faults, as if the vendor had refused nothing for good."""
        return [replace(each, final=False) for each in self.faults]

    @property
    def former(self) -> tuple[State, ...]:
        """The states that were and are no longer, in which there may be a code."""
        last = self.now
        return tuple(
            each
            for each in self.states[:-1]
            if each.granted is not False
            and not (last.granted and each.placement == last.placement)
        )


def done_by(since: datetime, faults: Sequence[Fault]) -> datetime:
    """Return until when something that arrived then must be carried out."""
    due = since + DELIVERY
    for fault in sorted(faults, key=lambda each: each.since):
        if fault.since <= due and fault.until + AFTER_FAULT > due:
            if fault.final and fault.until >= since:
                return NEVER
            due = fault.until + AFTER_FAULT
    return due


def send_at(resource: Resource, state: State) -> datetime:
    """Return before when no message may go out: the hours before the start (MSG-02)."""
    if resource.send_before is None:
        return state.since
    return max(state.since, state.placement.start - resource.send_before)


def course(situation: Situation, booking: str) -> Course:
    """Return the states of a booking, a new one at each arrival that changes it."""
    arrivals = sorted(
        (each for each in situation.events if each.booking == booking),
        key=lambda each: each.arrived,
    )
    states: list[State] = []
    for count in range(1, len(arrivals) + 1):
        state = _state(situation, arrivals[:count])
        before = states[-1] if states else None
        if before is None or _differs(state, before):
            states.append(state)
    first, places = states[0].since, {each.placement.resource for each in states}
    member = states[-1].placement.end is None
    edits = [
        each
        for each in situation.edits
        if each.at > first
        and (each.resource in places or (member and each.rule.community))
    ]
    taken = [each.at for each in situation.taken if each.booking == booking]
    return Course(
        booking,
        tuple(states),
        situation.faults,
        max((each.at for each in edits), default=None),
        max(taken, default=None),
        bool(edits) and all(each.given for each in edits),
    )


def _differs(one: State, other: State) -> bool:
    return (one.placement, one.granted) != (other.placement, other.granted)


def _state(situation: Situation, seen: Sequence[Event]) -> State:
    latest = max(seen, key=lambda each: each.happened)
    since, placement = max(each.arrived for each in seen), latest.placement
    granted, rule = _granted(situation, seen, placement)
    return State(since, placement, granted, rule)


def _granted(
    situation: Situation, seen: Sequence[Event], placement: Placement
) -> tuple[bool | None, str]:
    """Say whether a booking with these events is to have a code, and by which rule."""
    kinds = {each.kind for each in seen}
    endings = [each.happened for each in seen if each.kind == CANCELLED]
    if endings:
        later = [each for each in seen if each.happened > min(endings)]
        reinstated = any(each.kind not in {CANCELLED, "changed"} for each in later)
        return (None if reinstated else False), "CON-12"
    if "checked_out" in kinds:
        resource = situation.resources.get(placement.resource)
        ends = resource and resource.vendor in KEYS and not resource.return_grace
        return (False if ends else None), "CON-17"
    if kinds & {*MEMBERSHIP}:
        latest = max(seen, key=lambda each: each.happened)
        there = of_community(situation, placement.resource) is not None
        return there and latest.kind == "membership_started", "EXV-02"
    resource = situation.resources.get(placement.resource)
    if resource is None or resource.community is not None or not resource.active:
        return False, "CON-04"
    if resource.trigger in kinds:
        return (None, SEVERAL) if _names_several(seen) else (True, "CON-04")
    return (None if kinds == {"changed"} else False), "CON-04"


def of_community(situation: Situation, community: str) -> Resource | None:
    """Return a resource that a community opens; None if it opens none."""
    every = situation.resources.values()
    found = (each for each in every if each.active and each.community == community)
    return next(found, None)


def _names_several(seen: Sequence[Event]) -> bool:
    """Say whether events name several resources though none is a change from one.

    A platform may tell of a booking of two resources in two events (CON-03).
    """
    latest = max(seen, key=lambda each: (each.kind == "changed", each.happened))
    since = [each for each in seen if each.happened >= latest.happened]
    found = since if latest.kind == "changed" else seen
    return len({each.placement.resource for each in found}) > 1
