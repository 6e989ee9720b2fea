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

from loadtests.shapes import SHAPES, arrivals, delivery_time
from strikeplate.booking import Booking, Event, Person

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from loadtests.plan import LoadPlan, Resource
    from loadtests.shapes import Shape

CELL = timedelta(hours=2)
STARTS = (0, 10, 20, 30)  # minutes into the cell
LENGTHS = (30, 60, 90)  # minutes; the longest from the latest start fills the cell

OUTCOMES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (55, ()),
    (14, ("changed",)),
    (14, ("cancelled",)),
    (6, ("changed", "changed")),
    (6, ("changed", "cancelled")),
    (5, ("unpaid",)),
)
"""What becomes of bookings, each with its share of a hundred."""

PAID_ANYWAY = 0.2
SENT_TWICE = 0.1
OVERTAKEN = 0.06
NEXT_SECONDS = (0.3, 4.0)  # from one event of a booking to the next
AGAIN_SECONDS = 5.0
BURST = 0.05  # of the run, in which a platform that was out catches up
LANGUAGES = ("en", "sv", "de")


@dataclass(frozen=True)
class Delivery:
    """One event, to be told so many seconds after the start; `first` of its event."""

    at: float
    script: int
    event: Event
    to: Resource
    first: bool = True


@dataclass(frozen=True)
class BookingScript:
    """What one customer wanted, and what the platform tells of it."""

    number: int
    trigger: str
    history: tuple[Event, ...]
    deliveries: tuple[Delivery, ...]
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
    def entitled(self) -> bool:
        """Whether its customer has a right to a code in the end."""
        kinds = {event.kind for event in self.history}
        return self.trigger in kinds and "cancelled" not in kinds

    @property
    def placements(self) -> tuple[tuple[Resource, Booking], ...]:
        """Every resource and time that it ever had, the final one last."""
        met = {
            (r.name, e.booking.start): (r, e.booking)
            for r, e in zip(self.resources, self.history, strict=True)
        }
        return tuple(met.values())

    @property
    def due_at(self) -> float:
        """From when on its final code can be made: all that it takes has been told."""
        sent = {t.event.id: t.at for t in self.deliveries if t.first}
        needed = min(sent[e.id] for e in self.history if e.kind == self.trigger)
        moved = (sent[e.id] for e in self.history if e.booking == self.final)
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
        sent = (t.at for t in self.deliveries if t.first and t.event.id in ends)
        return min(sent, default=0.0)


def generate_workload(plan: LoadPlan, started_at: datetime) -> list[BookingScript]:
    """Return all intents of a run that began at that instant."""
    return list(_Generator(plan, started_at).scripts())


class _Generator:
    """Makes up one play; every chance is drawn from the stage's seed."""

    def __init__(self, plan: LoadPlan, started_at: datetime) -> None:
        self._plan = plan
        self._started_at = started_at
        self._shape: Shape = SHAPES[plan.shape]
        self._chance = Random(plan.seed)  # noqa: S311 - a play, no secret
        self._faker = Faker()
        self._faker.seed_instance(plan.seed)
        self._cells = {each.name: count() for each in plan.resources}

    def scripts(self) -> Iterator[BookingScript]:
        """Yield them in the order in which they were booked."""
        plan = self._plan
        moments = arrivals(self._shape, plan.bookings, plan.seconds, self._chance)
        for number, moment in enumerate(moments):
            yield self._script(number, moment)

    def _script(self, number: int, moment: float) -> BookingScript:
        resource = self._chance.choice(self._plan.resources)
        booking = self._booking(f"{self._plan.run}-{number}", resource, number)
        history, placements, moments = [], [], []
        for nth, kind in enumerate(self._event_kinds(resource.trigger)):
            if kind == "changed":
                resource = self._new_resource(resource)
                booking = self._moved(booking, resource)
            at = self._started_at + timedelta(seconds=moment)
            history.append(Event(f"evt-{booking.id}-{nth}", kind, at, booking))
            placements.append(resource)
            moments.append(moment)
            moment += self._chance.uniform(*NEXT_SECONDS)
        deliveries = tuple(self._deliveries(number, history, placements, moments))
        return BookingScript(
            number, resource.trigger, tuple(history), deliveries, tuple(placements)
        )

    def _event_kinds(self, trigger: str) -> tuple[str, ...]:
        shares = [share for share, _ in OUTCOMES]
        rest = self._chance.choices([story for _, story in OUTCOMES], shares)[0]
        paid = trigger == "paid" or self._chance.random() < PAID_ANYWAY
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

    def _new_resource(self, resource: Resource) -> Resource:
        """Return a resource to move to; most bookings only move in time."""
        if self._chance.random() < 0.7:  # noqa: PLR2004 - as the sentence says
            return resource
        alike = [r for r in self._plan.resources if r.move_group == resource.move_group]
        return self._chance.choice(alike)

    def _times(self, resource: Resource) -> tuple[datetime, datetime]:
        """Return start and end in the next cell of a resource that is free."""
        zone = ZoneInfo(resource.zone)
        midnight = datetime.combine(self._plan.first_day, time(), zone).astimezone(UTC)
        cell = midnight + next(self._cells[resource.name]) * CELL
        start = cell + timedelta(minutes=self._chance.choice(STARTS))
        end = start + timedelta(minutes=self._chance.choice(LENGTHS))
        return start.astimezone(zone), end.astimezone(zone)

    def _deliveries(
        self,
        number: int,
        history: Sequence[Event],
        placements: Sequence[Resource],
        moments: Sequence[float],
    ) -> Iterator[Delivery]:
        for event, resource, moment in zip(history, placements, moments, strict=True):
            late = self._chance.uniform(*NEXT_SECONDS) * 2
            at = moment + (late if self._chance.random() < OVERTAKEN else 0.0)
            sent = self._delivery_time(at)
            yield Delivery(sent, number, event, resource)
            for again in self._repeats(sent):
                yield Delivery(again, number, event, resource, first=False)

    def _delivery_time(self, at: float) -> float:
        sent = delivery_time(self._shape, at, self._plan.seconds)
        return sent if sent == at else sent + self._burst_delay()

    def _repeats(self, sent: float) -> Iterator[float]:
        if self._chance.random() < SENT_TWICE:
            yield self._delivery_time(sent + self._chance.uniform(0, AGAIN_SECONDS))
        if self._shape.outage:
            begins, ends = (m * self._plan.seconds for m in self._shape.outage)
            if sent < begins:
                yield ends + self._burst_delay()

    def _burst_delay(self) -> float:
        return self._chance.uniform(0, BURST * self._plan.seconds)
