"""What a vendor's codes must do, from what the vendor was asked for. Pure.

the code                     at its own door             at other doors   in the list
was made                     open in its window          shut             yes
was changed                  the new window alone        shut             yes
was deleted                  shut                        shut             no
is over                      shut                        shut             either
is mistyped                  shut                        shut             -

vendor      window    changed   deleted   another door, mistyped
igloohome   IGL-04    -         -         IGL-01
nuki        NUK-07    NUK-08    NUK-03    NUK-02
exivo       EXV-03    -         EXV-06    EXV-04
livionkey   LIV-01    LIV-01    LIV-02    LIV-01

A vendor has five minutes for what it was asked: until then either. The windows are
those of `windows`; a code that is longer than a day dies unless it is used (IGL-05).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from strikeplate.oracle.answers import (
    Answer,
    Stretch,
    always,
    either_between,
    timeline,
)
from strikeplate.oracle.events import DELIVERY
from strikeplate.oracle.windows import VENDORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from strikeplate.oracle.answers import Timeline
    from strikeplate.profiles.shape import Resource

RULES = {
    "igloohome": ("IGL-04", "IGL-04", "IGL-04", "IGL-01"),
    "nuki": ("NUK-07", "NUK-08", "NUK-03", "NUK-02"),
    "exivo": ("EXV-03", "EXV-03", "EXV-06", "EXV-04"),
    "livionkey": ("LIV-01", "LIV-01", "LIV-02", "LIV-01"),
}
"""The rules of a vendor's window, its change, its deletion and its other doors."""

REFUSES = {"igloohome": "IGL-06", "nuki": "NUK-02", "exivo": "EXV-03"}
"""The rule that a vendor breaks by refusing what it must do; else its window's."""

FIRST_USE = "IGL-05"


@dataclass(frozen=True)
class Asked:
    """What a vendor was asked for a code, and when; without times it was deleted."""

    code: str
    at: datetime
    door: int = 0
    times: tuple[datetime, datetime] | None = None


@dataclass(frozen=True)
class CodeStatement:
    """What must be seen when a code is typed at a door, counted from 0."""

    code: str
    door: int
    timeline: Timeline
    mistyped: bool = False


@dataclass(frozen=True)
class ListStatement:
    """The codes that a door's list must show, and those that it must not."""

    door: int
    must: frozenset[str]
    never: frozenset[str]
    rule: str


def codes(
    door_traits: Sequence[Resource],
    asked: Iterable[Asked],
    uses: Mapping[str, Sequence[datetime]],
    now: datetime,
) -> Iterator[CodeStatement]:
    """Yield what is said at an instant of each code at each door.

    `door_traits` has the vendor and the zone of each door, `uses` when each code has
    opened its own door.
    """
    for latest in _latest(asked, now).values():
        own = latest[-1].door
        vendor = door_traits[own].vendor
        yield CodeStatement(
            latest[-1].code, own, always(Answer.SHUT, RULES[vendor][3]), mistyped=True
        )
        for door, traits in enumerate(door_traits):
            window, changed, deleted, elsewhere = RULES[traits.vendor]
            if door != own:
                yield CodeStatement(
                    latest[-1].code, door, always(Answer.SHUT, elsewhere)
                )
                continue
            if now < latest[-1].at + DELIVERY:
                continue
            rule = window if len(latest) == 1 else changed
            said = _at_own_door(latest, traits, rule, deleted, uses)
            yield CodeStatement(latest[-1].code, door, said)


def _latest(asked: Iterable[Asked], now: datetime) -> dict[str, list[Asked]]:
    """Return what was asked for each code until an instant, in order."""
    found: dict[str, list[Asked]] = {}
    for each in sorted(asked, key=lambda each: each.at):
        if each.at <= now:
            found.setdefault(each.code, []).append(each)
    return found


def _at_own_door(
    asked: list[Asked],
    traits: Resource,
    rule: str,
    deleted: str,
    uses: Mapping[str, Sequence[datetime]],
) -> Timeline:
    last = asked[-1]
    if last.times is None:
        said = always(Answer.SHUT, deleted)
        return either_between(said, last.at, last.at + DELIVERY)
    start, end = last.times
    made = VENDORS[traits.vendor](traits, start, end, start)
    if made is None:
        return always(Answer.EITHER, rule)
    dead = made.unused
    used = dead is not None and any(at < dead for at in uses.get(last.code, ()))
    stretches = [
        each if each.rule == FIRST_USE else replace(each, rule=rule)
        for each in made.timeline(used=used)
    ]
    if used and dead is not None and dead < made.closes:
        over = [each for each in stretches if each.since >= made.closes]
        before = [each for each in stretches if each.since < made.closes]
        stretches = [*before, Stretch(dead, Answer.OPEN, FIRST_USE), *over]
    return either_between(timeline(*stretches), last.at, last.at + DELIVERY)


def lists(
    doors: int, vendor: str, asked: Iterable[Asked], now: datetime
) -> Iterator[ListStatement]:
    """Yield what is said at an instant of the list of each door.

    Nothing of a code that is being made, changed or deleted, or whose time is over.
    """
    window, _, deleted, _ = RULES[vendor]
    latest = [each[-1] for each in _latest(asked, now).values()]
    settled = [each for each in latest if each.at + DELIVERY <= now]
    for door in range(doors):
        here = [each for each in settled if each.door == door]
        must = {each.code for each in here if each.times and now < each.times[1]}
        never = {each.code for each in here if each.times is None}
        never |= {each.code for each in settled if each.door != door}
        rule = deleted if never and not must else window
        yield ListStatement(door, frozenset(must), frozenset(never), rule)
