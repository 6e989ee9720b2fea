"""When an algoPIN opens that somebody ordered: by its kind and by its use. Pure.

kind        opens                       dies
hourly      from its start to its end   unused 24 hours after it    IGL-04 IGL-05
daily       likewise, in whole days     likewise                    IGL-04 IGL-05
onetime     for 24 hours                at its first use            IGL-10
permanent   from its start on           unused 24 hours after it    IGL-10 IGL-05

Five wrong codes in a row lock the keypad for five minutes (IGL-01); how exactly the
lock counts them no source says, so the minute around the end is either.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from strikeplate.oracle.answers import (
    EVER,
    Answer,
    Stretch,
    always,
    at,
    either_between,
    timeline,
)
from strikeplate.oracle.windows import igloohome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from strikeplate.oracle.answers import Timeline
    from strikeplate.profiles.shape import Resource

FIRST_USE = "IGL-05"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LOCKED = 4 * MINUTE
PERHAPS_LOCKED = 6 * MINUTE


def pin(
    traits: Resource,
    kind: str,
    times: tuple[datetime, datetime | None],
    uses: Sequence[datetime],
    rule: str,
) -> Timeline:
    """Return when a PIN opens; `uses` are by the lock's own clock."""
    start, end = times
    dead = start + DAY
    used = [each for each in uses if start <= each < dead]
    if kind == "onetime":
        over = min([*used, dead])
        return _from(start, Stretch(over, Answer.SHUT, "IGL-10"), "IGL-10")
    if kind == "permanent":
        if used:
            return _from(start, Stretch(dead, Answer.OPEN, FIRST_USE), "IGL-10")
        return _from(start, Stretch(dead, Answer.SHUT, FIRST_USE), "IGL-10")
    assert end
    return _until(traits, start, end, used, rule)


def _from(start: datetime, then: Stretch, rule: str) -> Timeline:
    opens = Stretch(start, Answer.OPEN, rule)
    return timeline(Stretch(EVER, Answer.SHUT, rule), opens, then)


def _until(
    traits: Resource,
    start: datetime,
    end: datetime,
    used: Sequence[datetime],
    rule: str,
) -> Timeline:
    made = igloohome(traits, start, end, start)
    if made is None:
        return always(Answer.EITHER, rule)
    said = made.timeline(used=bool(used))
    stretches = [
        each if each.rule == FIRST_USE else replace(each, rule=rule) for each in said
    ]
    dead = made.unused
    if used and dead is not None and dead < made.closes:
        over = [each for each in stretches if each.since >= made.closes]
        before = [each for each in stretches if each.since < made.closes]
        stretches = [*before, Stretch(dead, Answer.OPEN, FIRST_USE), *over]
    return timeline(*stretches)


def locked_out(said: Timeline, tried: datetime) -> Timeline:
    """Return a PIN's timeline after five wrong codes were typed at an instant."""
    ends, surely = tried + PERHAPS_LOCKED, tried + LOCKED
    said = either_between(said, tried, ends)
    before = [each for each in said if each.since < tried]
    after = [each for each in said if each.since >= ends]
    opens = at(said, ends)
    between = [Stretch(tried, Answer.SHUT, "IGL-01")]
    between.append(Stretch(surely, Answer.EITHER, "IGL-01"))
    rest = after or [replace(opens, since=ends)]
    return timeline(*before, *between, *rest)
