from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strikeplate.timeline import Timeline
from strikeplate.verdict import HarnessFault

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Diary:
    """Something with appointments: a world or a subject, as the timeline sees it."""

    def __init__(self, name: str, seen: list[str], *due: int, clock: str = "") -> None:
        self.name = name
        self.seen = seen
        self.due = [NOON + hours * HOUR for hours in due]
        self.now = NOON
        self.payload: dict[str, Any] = {"clock": clock}

    def __getattr__(self, name: str) -> Any:
        return self.payload[name]

    def note(self, now: datetime) -> None:
        self.now = now
        for at in [at for at in self.due if at <= now]:
            self.due.remove(at)
            self.seen.append(f"{self.name} {(at - NOON) // HOUR}")

    def next_at(self) -> datetime | None:
        return min(self.due, default=None)


class World(Diary):
    def move(self, to: datetime) -> None:
        self.note(to)

    def move_until_due(self, to: datetime) -> datetime:
        due = self.next_at()
        to = min(to, due) if due and due > self.now else to
        self.move(to)
        return to

    def clock(self) -> tuple[datetime, datetime | None]:
        return self.now, self.next_at()


class Subject(Diary):
    def set_time(self, now: datetime) -> None:
        self.now = now

    def run_until_idle(self) -> None:
        self.note(self.now)

    def react(self) -> None:
        self.note(self.now)


def timeline(subject: Any, *worlds: Any) -> Timeline:
    made = Timeline(NOON, subject)
    for world in worlds:
        made.add_world(world)
    return made


def test_everything_happens_in_order() -> None:
    seen: list[str] = []
    world = World("world", seen, 1, 3)
    subject = Subject("subject", seen, 2, 3, clock="injected")
    other = World("other", seen, 2)
    timeline(subject, world, other).move_to(NOON + 4 * HOUR)
    assert seen == ["world 1", "other 2", "subject 2", "world 3", "subject 3"]


def test_it_stops_exactly_at_its_target() -> None:
    seen: list[str] = []
    world, subject = World("w", seen, 5), Subject("s", seen, 5, clock="injected")
    line = timeline(subject, world)
    line.move_to(NOON + 5 * HOUR - timedelta(seconds=1))
    assert (line.now, world.now, subject.now, seen) == (*[line.now] * 3, [])
    line.move_to(NOON + 5 * HOUR)
    assert seen == ["w 5", "s 5"]


def test_it_does_not_go_back() -> None:
    with pytest.raises(HarnessFault, match="back in time"):
        timeline(None).move_to(NOON - HOUR)


def test_time_that_a_subject_was_given_to_finish_is_taken_over() -> None:
    made = timeline(Subject("s", [], 1), World("w", [], 1))
    made.catch_up(NOON + HOUR)
    assert made.now == NOON + HOUR
    made.catch_up(NOON)
    made.catch_up(None)
    assert made.now == NOON + HOUR


def test_what_is_due_for_ever_is_a_fault() -> None:
    class Restless(World):
        def next_at(self) -> datetime:
            return self.now + timedelta(milliseconds=1)

    with pytest.raises(HarnessFault, match="are due until"):
        timeline(None, Restless("w", [])).move_to(NOON + HOUR)
