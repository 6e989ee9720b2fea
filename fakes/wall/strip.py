"""When a code opens: its next days, found by asking the door again and again.

Invariants: the door decides each instant; nothing is worked out here. A stretch begins
and ends at a whole minute. What lasts less than `STEP` is found only at the times that
the code itself names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from fakes.wall.dial import local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

STEP = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
DAYS = 7


class Answer(NamedTuple):
    """What a door says of a code at an instant."""

    opens: bool
    reason: str
    rule: str | None


@dataclass(frozen=True)
class Stretch:
    """A time, end excluded, in which the door says the same."""

    start: datetime
    end: datetime
    answer: Answer


@dataclass(frozen=True)
class Segment:
    """A part of a day's bar, in thousandths of the day."""

    left: int
    width: int
    stretch: Stretch


@dataclass(frozen=True)
class Day:
    """One day of the strip."""

    date: datetime
    segments: tuple[Segment, ...]


def stretches(
    ask: Callable[[datetime], Answer],
    start: datetime,
    end: datetime,
    edges: Iterable[datetime] = (),
) -> list[Stretch]:
    """Return what the door says from start to end; also asked at the edges."""
    found: list[Stretch] = []
    for at, until, answer in _changes(ask, _instants(start, end, edges), end):
        if found and found[-1].answer == answer:
            found[-1] = Stretch(found[-1].start, until, answer)
        else:
            found.append(Stretch(at, until, answer))
    return found


def _changes(
    ask: Callable[[datetime], Answer], instants: list[datetime], end: datetime
) -> Iterable[tuple[datetime, datetime, Answer]]:
    at, answer = instants[0], ask(instants[0])
    for later in instants[1:]:
        there = ask(later)
        if there != answer:
            change = _edge(ask, at, later, answer)
            yield at, change, answer
            at, answer = change, ask(change)
            if there != answer:
                yield at, later, answer
                at, answer = later, there
        else:
            yield at, later, answer
            at = later
    yield at, end, answer


def _edge(
    ask: Callable[[datetime], Answer], begin: datetime, end: datetime, answer: Answer
) -> datetime:
    """Return the first minute at which the door says something else."""
    while end - begin > MINUTE:
        middle = begin + (end - begin) / 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= begin:
            break
        begin, end = (middle, end) if ask(middle) == answer else (begin, middle)
    return end


def _instants(
    start: datetime, end: datetime, edges: Iterable[datetime]
) -> list[datetime]:
    count = int((end - start) / STEP)
    regular = {start + index * STEP for index in range(count)}
    minutes = {edge.replace(second=0, microsecond=0) for edge in edges}
    return sorted(regular | {edge for edge in minutes if start < edge < end})


def days_of(found: list[Stretch], zone: str) -> list[Day]:
    """Return the days of a strip, as a place's calendar has them."""
    if not found:
        return []
    days, begin = [], midnight(found[0].start, zone)
    while begin < found[-1].end:
        following = midnight(begin + timedelta(hours=30), zone)
        length = following - begin
        days.append(
            Day(local(begin, zone), tuple(_segments(found, begin, following, length)))
        )
        begin = following
    return days


def midnight(at: datetime, zone: str) -> datetime:
    """Return the instant at which a day begins at a place."""
    day = local(at, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return day.astimezone(UTC)


def _segments(
    found: list[Stretch], begin: datetime, end: datetime, length: timedelta
) -> Iterable[Segment]:
    for stretch in found:
        start, until = max(stretch.start, begin), min(stretch.end, end)
        if start < until:
            left = round(1000 * ((start - begin) / length))
            width = max(2, round(1000 * ((until - begin) / length)) - left)
            yield Segment(left, width, stretch)
