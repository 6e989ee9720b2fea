"""The play: who books what, what becomes of it, and when each event is told. Pure.

Law: it follows from the stage and the instant at which the run began, so every sender
and the audit know the same play and nobody sends it about. No two bookings ever have
the same two hours of one resource; whatever opens there belongs to one of them.

An event is told when it happens, but for three troubles of every platform: it is told
again, it is overtaken by what happened after it, or the platform is out for a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import count
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from faker import Faker

from loadtests.shapes import SHAPES, arrivals, told_at
from strikeplate.booking import Booking, Event, Person

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from loadtests.shapes import Shape
    from loadtests.stage import Resource, Stage

CELL = timedelta(hours=2)
STARTS = (0, 10, 20, 30)  # minutes into the cell
LENGTHS = (30, 60, 90)  # minutes; the longest from the latest start fills the cell

STORIES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (55, ()),
    (14, ("changed",)),
    (14, ("cancelled",)),
    (6, ("changed", "changed")),
    (6, ("changed", "cancelled")),
    (5, ("unpaid",)),
)
"""What becomes of bookings, each with its share of a hundred."""

PAID_ANYWAY = 0.2
TOLD_TWICE = 0.1
OVERTAKEN = 0.06
NEXT_SECONDS = (0.3, 4.0)  # from one event of a booking to the next
AGAIN_SECONDS = 5.0
BURST = 0.05  # of the run, in which a platform that was out catches up
LANGUAGES = ("en", "sv", "de")


@dataclass(frozen=True)
class Telling:
    """One event, to be told so many seconds after the start; `first` of its event."""

    at: float
    intent: int
    event: Event
    to: Resource
    first: bool = True


@dataclass(frozen=True)
class Intent:
    """What one customer wanted, and what the platform tells of it."""

    number: int
    needs: str
    history: tuple[Event, ...]
    tellings: tuple[Telling, ...]
    resources: tuple[Resource, ...]

    @property
    def final(self) -> Booking:
        """The booking as it was in the end."""
        return self.history[-1].booking

    @property
    def resource(self) -> Resource:
        """What is booked in the end."""
        return self.resources[-1]

    @property
    def alive(self) -> bool:
        """Whether its customer has a right to a code in the end."""
        kinds = {event.kind for event in self.history}
        return self.needs in kinds and "cancelled" not in kinds

    @property
    def places(self) -> tuple[tuple[Resource, Booking], ...]:
        """Every resource and time that it ever had, the final one last."""
        met = {
            (r.name, e.booking.start): (r, e.booking)
            for r, e in zip(self.resources, self.history, strict=True)
        }
        return tuple(met.values())

    @property
    def due_at(self) -> float:
        """From when on its final code can be made: all that it takes has been told."""
        told = {t.event.id: t.at for t in self.tellings if t.first}
        needed = min(told[e.id] for e in self.history if e.kind == self.needs)
        moved = (told[e.id] for e in self.history if e.booking == self.final)
        return max(needed, min(moved))

    def ended_at(self, booking: Booking) -> float:
        """When it was first told that it does not have these times, or any."""
        had = min(e.at for e in self.history if e.booking.start == booking.start)
        ends = {
            event.id
            for event in self.history
            if event.at > had
            and (event.kind == "cancelled" or event.booking.start != booking.start)
        }
        told = (t.at for t in self.tellings if t.first and t.event.id in ends)
        return min(told, default=0.0)


def play(stage: Stage, begun: datetime) -> list[Intent]:
    """Return all intents of a run that began at that instant."""
    return list(_Author(stage, begun).intents())


class _Author:
    """Makes up one play; every chance is drawn from the stage's seed."""

    def __init__(self, stage: Stage, begun: datetime) -> None:
        self._stage = stage
        self._begun = begun
        self._shape: Shape = SHAPES[stage.shape]
        self._chance = Random(stage.seed)  # noqa: S311 - a play, no secret
        self._faker = Faker()
        self._faker.seed_instance(stage.seed)
        self._cells = {each.name: count() for each in stage.resources}

    def intents(self) -> Iterator[Intent]:
        """Yield them in the order in which they were booked."""
        stage = self._stage
        moments = arrivals(self._shape, stage.bookings, stage.seconds, self._chance)
        for number, moment in enumerate(moments):
            yield self._intent(number, moment)

    def _intent(self, number: int, moment: float) -> Intent:
        resource = self._chance.choice(self._stage.resources)
        booking = self._booking(f"{self._stage.run}-{number}", resource, number)
        history, places, moments = [], [], []
        for nth, kind in enumerate(self._story(resource.needs)):
            if kind == "changed":
                resource = self._elsewhere(resource)
                booking = self._moved(booking, resource)
            at = self._begun + timedelta(seconds=moment)
            history.append(Event(f"evt-{booking.id}-{nth}", kind, at, booking))
            places.append(resource)
            moments.append(moment)
            moment += self._chance.uniform(*NEXT_SECONDS)
        tellings = tuple(self._tellings(number, history, places, moments))
        return Intent(number, resource.needs, tuple(history), tellings, tuple(places))

    def _story(self, needs: str) -> tuple[str, ...]:
        shares = [share for share, _ in STORIES]
        rest = self._chance.choices([story for _, story in STORIES], shares)[0]
        paid = needs == "paid" or self._chance.random() < PAID_ANYWAY
        pays = ("paid",) if paid and "unpaid" not in rest else ()
        return ("confirmed", *pays, *(kind for kind in rest if kind != "unpaid"))

    def _booking(self, ref: str, resource: Resource, number: int) -> Booking:
        person = Person(
            self._faker.name(),
            f"guest-{ref}@load.example.org",
            f"+46701{number:06}",
            self._chance.choice(LANGUAGES),
        )
        start, end = self._times(resource)
        return Booking(ref, resource.name, start, end, person)

    def _moved(self, booking: Booking, resource: Resource) -> Booking:
        return booking.moved(to=self._times(resource), resource=resource.name)

    def _elsewhere(self, resource: Resource) -> Resource:
        """Return a resource to move to; most bookings only move in time."""
        if self._chance.random() < 0.7:  # noqa: PLR2004 - as the sentence says
            return resource
        alike = [r for r in self._stage.resources if r.where == resource.where]
        return self._chance.choice(alike)

    def _times(self, resource: Resource) -> tuple[datetime, datetime]:
        """Return start and end in the next cell of a resource that is free."""
        zone = ZoneInfo(resource.zone)
        midnight = datetime.combine(self._stage.first_day, time(), zone).astimezone(UTC)
        cell = midnight + next(self._cells[resource.name]) * CELL
        start = cell + timedelta(minutes=self._chance.choice(STARTS))
        end = start + timedelta(minutes=self._chance.choice(LENGTHS))
        return start.astimezone(zone), end.astimezone(zone)

    def _tellings(
        self,
        number: int,
        history: Sequence[Event],
        places: Sequence[Resource],
        moments: Sequence[float],
    ) -> Iterator[Telling]:
        for event, resource, moment in zip(history, places, moments, strict=True):
            late = self._chance.uniform(*NEXT_SECONDS) * 2
            at = moment + (late if self._chance.random() < OVERTAKEN else 0.0)
            told = self._told_at(at)
            yield Telling(told, number, event, resource)
            for again in self._repeats(told):
                yield Telling(again, number, event, resource, first=False)

    def _told_at(self, at: float) -> float:
        told = told_at(self._shape, at, self._stage.seconds)
        return told if told == at else told + self._in_the_burst()

    def _repeats(self, told: float) -> Iterator[float]:
        if self._chance.random() < TOLD_TWICE:
            yield self._told_at(told + self._chance.uniform(0, AGAIN_SECONDS))
        if self._shape.silent:
            begins, ends = (m * self._stage.seconds for m in self._shape.silent)
            if told < begins:
                yield ends + self._in_the_burst()

    def _in_the_burst(self) -> float:
        return self._chance.uniform(0, BURST * self._stage.seconds)
