"""Open, shut or either: what is said of a code at a door, stretch by stretch of time.

A timeline covers all time: its first stretch has no beginning, its last no end, and
each begins where the one before ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

EVER = datetime(1, 1, 2, tzinfo=UTC)
"""Before everything: where the first stretch of a timeline begins."""

INSTANT = timedelta(seconds=1)
"""How long a boundary lasts that a source leaves open."""


class Answer(Enum):
    """What must be seen."""

    OPEN = "open"
    SHUT = "shut"
    EITHER = "either"

    def allows(self, *, opened: bool) -> bool:
        """Say whether what was seen at a door agrees with it."""
        return self is Answer.EITHER or opened is (self is Answer.OPEN)


@dataclass(frozen=True)
class Stretch:
    """From `since` on, until the next stretch, this answer by this rule."""

    since: datetime
    answer: Answer
    rule: str


Timeline = tuple[Stretch, ...]


def timeline(*stretches: Stretch) -> Timeline:
    """Return the timeline of stretches in order; a later one that begins first wins."""
    kept: list[Stretch] = []
    for each in stretches:
        while kept and kept[-1].since >= each.since:
            kept.pop()
        if not kept or (kept[-1].answer, kept[-1].rule) != (each.answer, each.rule):
            kept.append(each)
    return tuple(kept)


def always(answer: Answer, rule: str) -> Timeline:
    """Return the timeline of one answer for all time."""
    return (Stretch(EVER, answer, rule),)


def at(stretches: Timeline, instant: datetime) -> Stretch:
    """Return the stretch that an instant is in."""
    return next(each for each in reversed(stretches) if each.since <= instant)


def either_between(stretches: Timeline, since: datetime, until: datetime) -> Timeline:
    """Return the timeline with *either* from one instant until before another."""
    if until <= since:
        return stretches
    before = [each for each in stretches if each.since < since]
    after = [each for each in stretches if each.since > until]
    first, then = at(stretches, since), at(stretches, until)
    gap = Stretch(since, Answer.EITHER, first.rule)
    return timeline(*before, gap, Stretch(until, then.answer, then.rule), *after)


def boundaries(stretches: Timeline) -> tuple[datetime, ...]:
    """Return the instants at which the answer changes."""
    return tuple(each.since for each in stretches[1:])


def strict(stretches: Iterable[Timeline]) -> bool:
    """Say whether something is said at all, somewhere in some timeline."""
    return any(
        each.answer is not Answer.EITHER for parts in stretches for each in parts
    )
