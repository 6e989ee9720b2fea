"""What the owner must be told and shown of keys that are out, or came back. Pure.

the key of a booking                    messages to the owner that name it   rule
is out when its contract ends           one, after the rule's delay          LIV-05
... is back by then                     none                                 LIV-05
came back                               one, where the rule asks for it      LIV-06

the key                                 is shown as                          rule
was taken, or came back, an hour ago    out, or in its slot                  LIV-07
is late since an hour ago               overdue                              LIV-07

Of several doors each has a key of its own; how many messages tell of them no source
says. Nothing is said of a booking that changed once its key was taken, nor where a
fault, an owner or somebody at the vendor came between. Of one that a fault kept from
its code before, the owner may be told as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from strikeplate.oracle.claims import hindered
from strikeplate.oracle.events import AFTER_FAULT, DELIVERY, KEYS, course
from strikeplate.oracle.keys import Contract, late_from
from strikeplate.oracle.windows import HOUR, window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strikeplate.oracle.events import Situation, Use
    from strikeplate.profiles.shape import Resource

OUT, IN_SLOT, OVERDUE = "out", "in slot", "overdue"


@dataclass(frozen=True)
class KeyStatement:
    """How many messages of a booking's keys the owner has, and what the keys are.

    `state` is None where it may not be known yet.
    """

    booking: str
    resource: str
    at_least: int
    at_most: int | None
    rule: str
    """Why there are no fewer."""

    state: str | None = None
    doors: tuple[int, ...] = ()
    """The doors whose keys are in that state."""


def returns(situation: Situation, now: datetime) -> Iterator[KeyStatement]:
    """Yield what is said at an instant of the keys of each booking."""
    known = situation.known(now)
    for booking in known.bookings:
        moves = [each for each in known.uses if each.booking == booking and each.move]
        placement = course(known, booking).now.placement
        resource = known.resources.get(placement.resource)
        if not moves or resource is None or placement.end is None:
            continue
        if not _plain(known, booking, resource, moves[0].at):
            continue
        made = window(resource, placement.start, placement.end, moves[0].at)
        if made is not None:
            due = late_from(Contract(made.opens, made.closes), resource.overdue_after)
            said = _statement(resource, moves, due, now)
            yield replace(said, at_most=None) if known.faults else said


def _plain(known: Situation, booking: str, resource: Resource, since: datetime) -> bool:
    """Say whether nothing but its keys happened to a booking since an instant."""
    states = course(known, booking)
    settled = states.now.granted and states.done_by <= since
    late = any(each.until + AFTER_FAULT > since for each in known.faults)
    disturbed = states.edited or states.taken or late
    keyed = resource.vendor in KEYS and not resource.copy_to_owner
    return bool(settled and keyed and not disturbed and not hindered(known, booking))


def _statement(
    resource: Resource, moves: list[Use], due: datetime, now: datetime
) -> KeyStatement:
    first, last = moves[0], moves[-1]
    back = [use.at for use in moves if use.move == "return"]
    late = last.move == "take" and due <= now
    told = bool(back and resource.report_returns and now >= back[0] + HOUR)
    must = int(late and now >= due + DELIVERY) + told
    most = resource.doors * (int(late) + len(set(back)))
    rule = "LIV-06" if told else "LIV-05"
    state, since = IN_SLOT if last.move == "return" else OUT, last.at
    if late:
        state, since = OVERDUE, due
    shown = state if now >= since + HOUR else None
    doors = tuple(use.door for use in moves if use.at == last.at)
    return KeyStatement(first.booking, first.resource, must, most, rule, shown, doors)
