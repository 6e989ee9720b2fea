"""The workload: when bookings are made, what they are, and when each event is sent.

Invariants: pure. Everything follows from the plan and the start time, so each sender
and the audit generate the same workload and exchange nothing but the plan. Arrivals are
open: how fast the subject answers changes no due time. No two bookings share two hours
of one resource, so a code that opens there belongs to one booking.

An event is sent when it happens, with three exceptions that every platform knows: it is
sent twice, a later event overtakes it, or the platform is down for a while.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import (
    UTC,
    date,
    datetime,
    time,
    timedelta,
)
from itertools import accumulate, count, pairwise
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from faker import Faker
from pydantic import TypeAdapter

from strikeplate.platforms.standard import Booking, Event, Person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


DoorRef = tuple[str, str]
"""A world and a door in it, by their ids."""


@dataclass(frozen=True)
class Resource:
    """A bookable resource: its door, and where its events are sent.

    `trigger` is the event on which its code is made: confirmed or paid.
    """

    name: str
    vendor: str
    world: str
    door: str
    zone: str
    trigger: str
    path: str = field(repr=False)
    secret: str | None = field(repr=False)
    margin_before: timedelta = timedelta()
    margin_after: timedelta = timedelta()

    @property
    def door_ref(self) -> DoorRef:
        """The world and the door that belong to it."""
        return self.world, self.door

    @property
    def move_group(self) -> tuple[str, str]:
        """Bookings move only between resources that share this."""
        return self.path, self.trigger


@dataclass(frozen=True)
class LoadPlan:
    """The plan of one run: target, load, resources and first day of the bookings.

    Each sender gets it as JSON. It holds signing secrets and enters no report.
    """

    run: str
    url: str
    seed: int
    shape: str
    seconds: float
    rate: float
    first_day: date
    resources: tuple[Resource, ...]
    profile: str = field(default="", repr=False)
    """The text of an external subject's profile, which says how events are told."""

    unsaid: tuple[str, ...] = ()
    """Kinds of event that its platform has no way to tell."""

    @property
    def bookings(self) -> int:
        """The number of bookings made in the run."""
        return max(1, round(self.rate * self.seconds))

    def to_json(self) -> str:
        """Return the plan as JSON, signing secrets included."""
        return _ADAPTER.dump_json(self).decode()


_ADAPTER = TypeAdapter(LoadPlan)


def read_plan(text: str) -> LoadPlan:
    """Return the plan that this JSON holds."""
    return _ADAPTER.validate_json(text)


Curve = tuple[tuple[float, float], ...]
"""Points (moment from 0 to 1, relative rate), joined by straight lines."""

STEPS = 1000
FLAT: Curve = ((0, 1), (1, 1))


@dataclass(frozen=True)
class Shape:
    """How the load is spread over a run; `outage` is when the platform is down.

    After the outage the platform sends what it held back and, since it cannot know
    what arrived, also everything that it had sent before.
    """

    about: str
    curve: Curve = FLAT
    outage: tuple[float, float] | None = None
    seconds: int = 60
    rate: float = 20.0


SHAPES: Mapping[str, Shape] = {
    "steady": Shape("bookings come evenly"),
    "rush": Shape(
        "everyone books at noon",
        curve=((0, 0.4), (0.45, 0.4), (0.5, 6), (0.55, 0.4), (1, 0.4)),
    ),
    "season": Shape(
        "the season opens: a wave at once, which ebbs away",
        curve=((0, 5), (0.1, 5), (0.4, 0.6), (1, 0.4)),
    ),
    "storm": Shape(
        "the platform is out for a while, then repeats everything",
        outage=(0.4, 0.6),
    ),
    "soak": Shape("an hour of the same", seconds=3600, rate=5.0),
}


def arrivals(
    shape: Shape, bookings: int, seconds: float, chance: Random
) -> list[float]:
    """Return when bookings are made, in seconds from the start, in order.

    Each comes by itself, as in a Poisson process of which the number is known.
    """
    levels = [_level(shape.curve, step / STEPS) for step in range(STEPS + 1)]
    areas = [0.0, *accumulate((a + b) / 2 for a, b in pairwise(levels))]
    drawn = sorted(chance.uniform(0, areas[-1]) for _ in range(bookings))
    return [_moment(areas, area) * seconds for area in drawn]


def delivery_time(shape: Shape, at: float, seconds: float) -> float:
    """Return when an event due at `at` is sent, outages considered."""
    if shape.outage is None:
        return at
    begins, ends = (moment * seconds for moment in shape.outage)
    return ends if begins <= at < ends else at


def _level(curve: Curve, at: float) -> float:
    for (left, low), (right, high) in pairwise(curve):
        if at <= right:
            return low + (high - low) * (at - left) / (right - left)
    return curve[-1][1]


def _moment(areas: list[float], area: float) -> float:
    """Return the moment (0 to 1) at which the curve's area reaches `area`."""
    step = max(bisect_left(areas, area), 1)
    before, after = areas[step - 1], areas[step]
    within = (area - before) / (after - before) if after > before else 0.0
    return (step - 1 + within) / STEPS


CELL = timedelta(hours=2)
STARTS = (0, 10, 20, 30)  # minutes after the start of the cell
LENGTHS = (30, 60, 90)  # minutes; the longest from the latest start fills the cell

OUTCOMES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (55, ()),
    (14, ("changed",)),
    (14, ("cancelled",)),
    (6, ("changed", "changed")),
    (6, ("changed", "cancelled")),
    (5, ("unpaid",)),
)
"""What happens to bookings after confirmation, with weights in percent."""

PAID_ANYWAY = 0.2
SENT_TWICE = 0.1
OVERTAKEN = 0.06
NEXT_SECONDS = (0.3, 4.0)  # from one event of a booking to the next
AGAIN_SECONDS = 5.0
BURST = 0.05  # part of the run in which a platform catches up after an outage
LANGUAGES = ("en", "sv", "de")


@dataclass(frozen=True)
class Delivery:
    """One event to send, `at` seconds after the start; `first` time or repetition."""

    at: float
    script: int
    event: Event
    to: Resource
    first: bool = True


@dataclass(frozen=True)
class BookingScript:
    """One generated booking: its events, and when each is sent."""

    number: int
    trigger: str
    history: tuple[Event, ...]
    deliveries: tuple[Delivery, ...]
    resources: tuple[Resource, ...]

    @property
    def final(self) -> Booking:
        """The booking after its last event."""
        return self.history[-1].booking

    @property
    def resource(self) -> Resource:
        """The resource of the final booking."""
        return self.resources[-1]

    @property
    def entitled(self) -> bool:
        """Whether the customer is entitled to a code after the last event."""
        kinds = {event.kind for event in self.history}
        return self.trigger in kinds and "cancelled" not in kinds

    @property
    def placements(self) -> tuple[tuple[Resource, Booking], ...]:
        """Every resource and time the booking had, the final one last."""
        met = {
            (r.name, e.booking.start): (r, e.booking)
            for r, e in zip(self.resources, self.history, strict=True)
        }
        return tuple(met.values())

    @property
    def due_at(self) -> float:
        """When the final code can be made: all events it needs were sent."""
        sent = {t.event.id: t.at for t in self.deliveries if t.first}
        needed = min(sent[e.id] for e in self.history if e.kind == self.trigger)
        moved = (sent[e.id] for e in self.history if e.booking == self.final)
        return max(needed, min(moved))

    def ended_at(self, booking: Booking) -> float:
        """When the event that ended these times (or the booking) was first sent."""
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
    """Return all booking scripts of a run that started at that instant."""
    return list(_Generator(plan, started_at).scripts())


class _Generator:
    """Generates one workload; every random choice follows from the plan's seed."""

    def __init__(self, plan: LoadPlan, started_at: datetime) -> None:
        self._plan = plan
        self._started_at = started_at
        self._shape: Shape = SHAPES[plan.shape]
        self._chance = Random(plan.seed)  # noqa: S311 - test data, no secret
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
        weights = [share for share, _ in OUTCOMES]
        outcome = self._chance.choices([kinds for _, kinds in OUTCOMES], weights)[0]
        paid = trigger == "paid" or self._chance.random() < PAID_ANYWAY
        pays = ("paid",) if paid and "unpaid" not in outcome else ()
        rest = (kind for kind in outcome if kind != "unpaid")
        told = (*pays, *rest)
        return ("confirmed", *(kind for kind in told if kind not in self._plan.unsaid))

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
        """Return the resource to move to; 70 % of moves keep the resource."""
        if self._chance.random() < 0.7:  # noqa: PLR2004 - the share above
            return resource
        alike = [r for r in self._plan.resources if r.move_group == resource.move_group]
        return self._chance.choice(alike)

    def _times(self, resource: Resource) -> tuple[datetime, datetime]:
        """Return start and end in the next free cell of a resource."""
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
