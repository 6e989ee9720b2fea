"""How a scenario's days are moved to a later time, so that its expectations hold. Pure.

Scenarios are written for the days from `profile.START` on. Where a clock stands later,
all instants of a scenario are moved by one number of days.

Invariants: a time of day stays what it is; between the instants as moved lie the same
changes of the clocks as between those that are written. A stay over the end of summer
time is so moved to one of another year.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from strikeplate.verdict import NotApplicable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from zoneinfo import ZoneInfo

WRITTEN = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?(?![\d:])"
)
DATE = re.compile(r"\d{4}-\d\d-\d\d")
LONGEST = timedelta(days=800)
"""So far days are moved at most to find some with the same changes of the clocks."""


def instants_in(texts: Iterable[str]) -> tuple[datetime, ...]:
    """Return the instants that texts name, without an offset where none is written."""
    return tuple(
        datetime.fromisoformat(found)
        for text in texts
        for found in WRITTEN.findall(text)
    )


def dated(text: str, days: int) -> list[tuple[str, str]]:
    """Return a text in parts, each with the date in use for the one at its end.

    That is empty where the part ends with no date, and where no day was moved.
    """
    found, begin = [], 0
    for written in DATE.finditer(text) if days else ():
        found.append((text[begin : written.end()], in_use(written[0], days)))
        begin = written.end()
    return [*found, (text[begin:], "")]


def in_use(written: str, days: int) -> str:
    """Return the date that stood for a written one; empty for one that never is."""
    try:
        return (date.fromisoformat(written) + timedelta(days=days)).isoformat()
    except ValueError:
        return ""


def described_move(texts: Iterable[str], days: int) -> str:
    """Return by how much dates were moved, each written one with that in use."""
    written = sorted({each for text in texts for each in DATE.findall(text)})
    if not days or not written:
        return ""
    moved = ((each, in_use(each, days)) for each in written)
    pairs = ", ".join(f"{each} is {day}" for each, day in moved if day)
    return f"moved by {days} days: {pairs}"


def shift_from(
    least: timedelta, step: timedelta, instants: Sequence[datetime], zone: ZoneInfo
) -> timedelta:
    """Return the smallest shift, `least` or by some steps more, that keeps instants.

    Raises `NotApplicable` where there is none.
    """
    shift = least
    while not keeps(instants, zone, shift):
        shift += step
        if shift > least + LONGEST:
            text = "no days to come have the clock changes of those that are written"
            raise NotApplicable(text)
    return shift


def keeps(instants: Sequence[datetime], zone: ZoneInfo, shift: timedelta) -> bool:
    """Say whether instants lie to each other as they are written."""
    changes = {_change(each, zone, shift) for each in instants}
    fixed = any(each.tzinfo for each in instants)
    return len(changes | ({timedelta()} if fixed else set())) <= 1


def _change(written: datetime, zone: ZoneInfo, shift: timedelta) -> timedelta:
    """Return by how much the zone's offset differs after the shift."""
    before, after = (_offset(each, zone) for each in (written, written + shift))
    return after - before


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    local = at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)
    return local.utcoffset() or timedelta()
