"""What the owner must notice of a code that is missing. Pure.

what happened                            what the owner sees                     rule
a code was taken away three days ago     no access that is said to work          CON-13
... (1)                                  a message that names the booking        CON-15
a new booking was refused for a day (2)  a message that names the booking        CON-15

Nothing of it if a code of the customer opens: it was made anew.

(1) At the vendor, by somebody. How often the vendor is asked no source says. What it
does not say, as a lock that is offline, nobody can notice.
(2) By the vendor, and it still is. Whether it is one where other faults lie between, or
where the message has time, its customer cannot say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strikeplate.oracle.claims import hindered
from strikeplate.oracle.events import IRREVOCABLE, NEVER, course, done_by
from strikeplate.oracle.windows import DAY, window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strikeplate.oracle.events import Course, Situation
    from strikeplate.profiles.shape import Resource

NOTICED = 3 * DAY
TOLD = DAY


@dataclass(frozen=True)
class MissingStatement:
    """A booking that the owner is to see as one without a code, by a rule.

    It is not missing if a code of its customer opens at `works_at`.
    """

    booking: str
    resource: str
    works_at: datetime
    rule: str


def missing(situation: Situation, now: datetime) -> Iterator[MissingStatement]:
    """Yield what is said at an instant of codes that are missing."""
    known = situation.known(now)
    for booking in known.bookings:
        states = course(known, booking)
        placement = states.now.placement
        resource = known.resources.get(placement.resource)
        end = placement.end
        if not states.now.granted or not resource or end is None or states.edited:
            continue
        if resource.recurring:
            continue
        made = window(resource, placement.start, end, states.now.since)
        if made is None or now >= made.closes or hindered(known, booking):
            continue
        inside = max(now, made.opens)
        for rule in _rules(states, resource, now):
            yield MissingStatement(booking, placement.resource, inside, rule)


def _rules(states: Course, resource: Resource, now: datetime) -> tuple[str, ...]:
    """Return the rules by which a code that is missing must be seen by now."""
    taken, state = states.taken, states.now
    if taken is not None:
        listed = resource.vendor not in IRREVOCABLE
        settled = state.since < taken and done_by(taken, states.faults) < taken + DAY
        due = taken + NOTICED if listed and settled else NEVER
        return ("CON-13", "CON-15") if now >= due else ()
    new = not states.former and states.refused
    alone = all(each.final for each in states.faults) and resource.send_before is None
    lasts = any(
        each.since <= state.since and now < each.until for each in states.faults
    )
    told = new and alone and lasts and now >= state.since + TOLD
    return ("CON-15",) if told else ()
