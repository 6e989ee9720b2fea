"""Keys that are taken and given back: where each is, who has it, and what is late.

Law: pure. Where a key is, is what was last seen of it; who has it follows from when
it was taken and whose time that was. So whatever is seen twice, late or not at all,
the next look leads to the same state (LIV-07).

Theory: a key that is out is one *absence*, told from the next by when it began. Its
holder is set when it is first seen and stays the same until the key is seen in its
slot, or taken anew; a later guest who finds the slot empty changes nothing. It is
overdue from its holder's end on, or a set delay later (LIV-05).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LOOK_EVERY: Final = timedelta(hours=1)
"""How often a key is looked for that may be moved, where no event tells of it."""


class Place(StrEnum):
    """Where a key is, in the words the API shows."""

    IN_SLOT = "in slot"
    OUT = "out"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Returning:
    """A rule's terms about giving keys back, in minutes after the end.

    Within `grace_minutes` the lock system still takes the key back by the guest's own
    code; it is set there, and said here (LIV-03). A key that is still out after
    `overdue_after_minutes` is told of (LIV-05); with `tell_returns` one that came
    back is too (LIV-06).
    """

    grace_minutes: int = 0
    overdue_after_minutes: int = 0
    tell_returns: bool = False

    @property
    def delay(self) -> timedelta:
        """Return how long after the end a missing key is told of."""
        return timedelta(minutes=self.overdue_after_minutes)

    @property
    def grace(self) -> timedelta:
        """Return how long after the end the guest's own code takes the key back."""
        return timedelta(minutes=self.grace_minutes)

    def strictest(self, other: Returning) -> Returning:
        """Return what two rules about one key say together."""
        return Returning(
            max(self.grace_minutes, other.grace_minutes),
            min(self.overdue_after_minutes, other.overdue_after_minutes),
            self.tell_returns or other.tell_returns,
        )


NO_TERMS: Final = Returning()


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the lock system says of a key now.

    `since` is when the key came to where it is, None where that is not told.
    `warning` is a sentence when the truth may be another.
    """

    inside: bool
    slot: int | None
    since: datetime | None
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """One access's time with a key; `end` is when it really ended, if before."""

    access: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key; `inside` is None before it was ever seen.

    `holder` is the access that has it, None where nobody's time explains that it is
    out. `returned_at` and `returned_by` tell of the last return.
    """

    inside: bool | None = None
    slot: int | None = None
    since: datetime | None = None
    holder: str | None = None
    returned_at: datetime | None = None
    returned_by: str | None = None


class Outlook(NamedTuple):
    """A key after a look; `came_back` tells that it was given back since the last."""

    key: Key
    came_back: bool


def witness(
    known: Key, seen: Sighting, stays: Iterable[Stay], now: datetime
) -> Outlook:
    """Return what is known of the key once it was seen so."""
    stays = list(stays)
    anew = _is_news(known.since, seen.since)
    if seen.inside:
        came_back = known.inside is False or (known.inside is True and anew)
        out = known.inside is False
        by = known.holder if out else _whose(stays, seen.since or now)
    else:
        came_back = known.inside is False and anew
        by = known.holder
    key = Key(
        inside=seen.inside,
        slot=known.slot if seen.slot is None else seen.slot,
        since=seen.since or (known.since if known.inside is seen.inside else None),
        holder=None if seen.inside else _holder(known, seen, stays, now, anew=anew),
        returned_at=(seen.since or now) if came_back else known.returned_at,
        returned_by=by if came_back else known.returned_by,
    )
    return Outlook(key, came_back)


def place(key: Key, due: datetime | None, now: datetime) -> Place:
    """Return where the key is; `due` is when its holder's absence becomes overdue."""
    if key.inside is None:
        return Place.UNKNOWN
    if key.inside:
        return Place.IN_SLOT
    return Place.OVERDUE if due is not None and now >= due else Place.OUT


def next_look(
    key: Key, stays: Iterable[Stay], due: datetime | None, now: datetime
) -> datetime | None:
    """Return when to look at the key again, None while nobody may move it."""
    stays = list(stays)
    moments = [at for stay in stays for at in (stay.start, stay.end)]
    ahead = [at for at in [*moments, *([due] if due else [])] if at > now]
    running = any(stay.start <= now < stay.end for stay in stays)
    if not key.inside or running:
        ahead.append(now + LOOK_EVERY)
    return min(ahead, default=None)


def _is_news(known: datetime | None, seen: datetime | None) -> bool:
    """Tell whether the key was moved since it was last seen."""
    return known is not None and seen is not None and seen > known


def _holder(
    known: Key, seen: Sighting, stays: list[Stay], now: datetime, *, anew: bool
) -> str | None:
    if known.inside is False and not anew:
        return known.holder
    if seen.since is not None:
        return _whose(stays, seen.since)
    over = [stay for stay in stays if stay.end <= now]  # it was told of as missing
    late = max(over, key=lambda stay: stay.end, default=None)
    return late.access if late else _whose(stays, now)


def _whose(stays: list[Stay], at: datetime) -> str | None:
    """Return whose time it was then."""
    then = [stay for stay in stays if stay.start <= at < stay.end]
    latest = max(then, key=lambda stay: stay.start, default=None)
    return latest.access if latest else None
