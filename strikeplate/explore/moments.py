"""The instants at which a history is looked at, by the history and the oracle. Pure.

Each arrival and when it must be done, each message's hour, the beginnings and ends of
windows, the end of a fault, and when somebody must have noticed something.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from strikeplate.explore.history import (
    FINAL,
    NOTHING,
    FaultStep,
    MarginsStep,
    OwnerStep,
    ReportsStep,
    TakenStep,
    UseStep,
)
from strikeplate.explore.relay import LATE
from strikeplate.oracle.events import course, done_by, send_at
from strikeplate.oracle.notices import NOTICED
from strikeplate.oracle.windows import DAY, HOUR, window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strikeplate.explore.history import History, Step
    from strikeplate.oracle.events import Situation

SECOND = timedelta(seconds=1)
FARTHEST = 45 * DAY
"""So far beyond the last step a history is followed; doors are asked ahead of that."""

LONGEST = 60
"""So many moments of one history are looked at, the earliest and the last."""


def _after(step: Step, situation: Situation) -> Iterator[datetime]:
    """Yield when something must have come of a step that is no event."""
    if isinstance(step, OwnerStep | MarginsStep):
        yield done_by(step.at, situation.faults)
    elif isinstance(step, TakenStep):
        yield step.at + NOTICED
    elif isinstance(step, UseStep) and step.move:
        yield step.at + HOUR
    elif isinstance(step, FaultStep) and step.effect in {*FINAL, NOTHING}:
        yield step.until - SECOND


def moments(situation: Situation, history: History) -> list[datetime]:
    """Return the instants at which a history is looked at, in order."""
    last = max((step.at for step in history.steps), default=history.begin)
    found = {history.begin, *(step.at for step in history.steps)}
    if any(isinstance(step, ReportsStep) for step in history.steps):
        found |= {step.at + LATE + HOUR for step in history.events}
    found |= {at for step in history.steps for at in _after(step, situation)}
    for booking in situation.bookings:
        states = course(situation, booking)
        for state in states.states:
            found |= {state.since, done_by(state.since, situation.faults)}
            resource = situation.resources.get(state.placement.resource)
            end = state.placement.end
            if resource is None or end is None or not state.granted:
                continue
            due = send_at(resource, state)
            if due > state.since:
                found |= {due - SECOND, done_by(due, situation.faults)}
            made = window(resource, state.placement.start, end, state.since)
            if made and state is states.now:
                found |= {made.opens, made.closes - SECOND, made.shuts + DAY + HOUR}
    ahead = sorted(at for at in found if history.begin <= at <= last + FARTHEST)
    half = LONGEST // 2
    return ahead if len(ahead) <= LONGEST else ahead[:half] + ahead[-half:]
