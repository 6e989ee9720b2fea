"""Keys that are taken and given back: where each is, who has it, and what is late.

Invariants: pure. Where a key is, is what was last seen of it; who has it follows from
when it was taken and whose time that was. So whatever is seen twice, late or not at
all, the next look leads to the same state (LIV-07).

A key that is out is one *absence*, identified by when it began. Its
holder is set when it is first seen and stays the same until the key is seen in its
slot, or taken anew; a later guest who finds the slot empty changes nothing. It is
overdue from its holder's end on, or a set delay later (LIV-05).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

POLL_EVERY: Final = timedelta(hours=1)
"""How often a key is looked for that may be moved, where no event tells of it."""


class KeyPlace(StrEnum):
    """Where a key is, in the words the API shows."""

    IN_SLOT = "in slot"
    OUT = "out"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class KeyObservation:
    """What the lock system says of a key now.

    `since` is when the key came to where it is, None where that is not known.
    `warning` is a sentence when the truth may be another.
    """

    inside: bool
    slot: int | None
    since: datetime | None
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class HoldPeriod:
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


class KeyUpdate(NamedTuple):
    """A key after a poll; `came_back` says that it was given back before it."""

    key: Key
    came_back: bool


def apply_observation(
    known: Key,
    observed: KeyObservation,
    hold_periods: Iterable[HoldPeriod],
    now: datetime,
) -> KeyUpdate:
    """Return what is known of the key after this observation."""
    hold_periods, holder = list(hold_periods), None
    stays_since = known.since if known.inside is observed.inside else None
    moved = bool(known.since and observed.since and observed.since > known.since)
    if observed.inside:
        came_back = known.inside is False or (known.inside is True and moved)
        out = known.inside is False
        by = known.holder if out else _holder_at(hold_periods, observed.since or now)
    else:
        came_back = known.inside is False and moved
        by = known.holder
        holder = _holder(known, observed, hold_periods, now, moved=moved)
    key = Key(
        inside=observed.inside,
        slot=known.slot if observed.slot is None else observed.slot,
        since=observed.since or stays_since,
        holder=holder,
        returned_at=(observed.since or now) if came_back else known.returned_at,
        returned_by=by if came_back else known.returned_by,
    )
    return KeyUpdate(key, came_back)


def place(key: Key, due: datetime | None, now: datetime) -> KeyPlace:
    """Return where the key is; `due` is when its holder's absence becomes overdue."""
    if key.inside is None:
        return KeyPlace.UNKNOWN
    if key.inside:
        return KeyPlace.IN_SLOT
    return KeyPlace.OVERDUE if due is not None and now >= due else KeyPlace.OUT


def next_poll_at(
    key: Key, hold_periods: Iterable[HoldPeriod], due: datetime | None, now: datetime
) -> datetime | None:
    """Return when to poll the key next, None while nobody may move it."""
    hold_periods = list(hold_periods)
    moments = [at for period in hold_periods for at in (period.start, period.end)]
    ahead = [at for at in [*moments, *([due] if due else [])] if at > now]
    running = any(period.start <= now < period.end for period in hold_periods)
    if not key.inside or running:
        ahead.append(now + POLL_EVERY)
    return min(ahead, default=None)


def _holder(
    known: Key,
    observed: KeyObservation,
    hold_periods: list[HoldPeriod],
    now: datetime,
    *,
    moved: bool,
) -> str | None:
    if known.inside is False and not moved:
        return known.holder
    if observed.since is not None:
        return _holder_at(hold_periods, observed.since)
    over = [each for each in hold_periods if each.end <= now]  # it was reported missing
    late = max(over, key=lambda period: period.end, default=None)
    return late.access if late else _holder_at(hold_periods, now)


def _holder_at(hold_periods: list[HoldPeriod], at: datetime) -> str | None:
    """Return the access whose time it was then."""
    then = [period for period in hold_periods if period.start <= at < period.end]
    latest = max(then, key=lambda period: period.start, default=None)
    return latest.access if latest else None
