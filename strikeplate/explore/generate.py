"""Histories by seed: what may happen to bookings, where it is likely to go wrong.

A history has one zone and a first day near something: a change of the clocks, a leap
day, a new year, the end of a month, or nothing. Its bookings are moved, `retimed`,
swapped and cancelled; their events come late, twice and out of order; one or two faults
strike while they do; the owner changes or deletes a rule or gives it away, somebody
takes a code away, the vendor refuses one for good or renews its credentials, people
join communities and leave them (`owners`). Each history draws only some of these kinds,
so that rare ones meet often (swarm testing).

Invariants: a history follows from its seed, the vendor and the offer alone. Bookings
of one key do not overlap, since a key is given to one guest at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from strikeplate.explore import owners
from strikeplate.explore.history import (
    EventStep,
    FaultStep,
    History,
    MailStep,
    OffStep,
    OwnerStep,
    RestartStep,
    TakenStep,
    UseStep,
)
from strikeplate.explore.people import customer
from strikeplate.explore.retimed import RETIMED
from strikeplate.explore.zones import PLAIN_DAYS, ZONES, changes
from strikeplate.oracle.events import KEYS
from strikeplate.profiles.shape import Resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from strikeplate.explore.history import Step

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)

EFFECTS = (
    *("503", "500", "429", "lost", "nonsense"),
    *("lost after the vendor acted", "500 after the vendor acted"),
)
WORTH_A_FAULT = {
    "changed": ("create code", "change code", "delete code"),
    "cancelled": ("delete code",),
}
"""The calls that follow from an event, where a fault is likely to hurt."""

CLOCKS = ("00:00", "00:20", "01:30", "02:30", "08:00", "12:59", "15:20", "23:40")
LENGTHS = (30 * MINUTE, HOUR, 2 * HOUR, 125 * MINUTE, 20 * HOUR, 2 * DAY, 4 * DAY)
LONG = (28 * DAY, 28 * DAY + HOUR, 30 * DAY, 400 * DAY)
KINDS = ("move", *RETIMED, "swap", "another", "cancel", "repeat", "late")
TROUBLES = ("fault", "fault", "mail down", "restart")


@dataclass(frozen=True)
class Offer:
    """What histories of one vendor may use, as the subject's profile offers it.

    Without `resources` they are drawn, since the owner's interface can set them up.
    """

    vendor: str
    calls: Sequence[str] = ()
    resources: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset({"confirmed", "paid", "changed", "cancelled"})
    """The kinds of event that its platform can say."""

    restarts: bool = True
    switches: bool = False
    """Whether its owner can switch a connection off, change rules and see accesses."""

    margins: bool = False
    """Whether its owner can give a connection margins, if no more."""

    reports: bool = False
    """Whether the vendor's own events can be sent to the subject."""


@dataclass
class _Booking:
    """One booking as it is being drawn."""

    name: str
    resource: str
    start: datetime
    end: datetime
    told: datetime


def generate(seed: int, offer: Offer) -> History:
    """Return the history of a seed."""
    return _Draw(Random(f"{seed}-{offer.vendor}"), offer, seed).history()  # noqa: S311 - no secret


@dataclass
class _Draw:
    """The state of drawing one history."""

    chance: Random
    offer: Offer
    seed: int
    steps: list[Step] = field(default_factory=list)
    taken: list[tuple[str, str, datetime, datetime]] = field(default_factory=list)
    """Whose booking had which resource, from when until when."""

    def history(self) -> History:
        """Draw it."""
        self.resources = dict(self.offer.resources) or self._resources()
        self.set_up = {
            name: Resource.model_validate(traits)
            for name, traits in self.resources.items()
        }
        self.zone = ZoneInfo(next(iter(self.set_up.values())).zone)
        self.begin = self._begin()
        self.kinds = [kind for kind in KINDS if self.chance.random() < 0.6]
        bookings = [*self._bookings()]
        for booking in bookings:
            self._course(booking, bookings)
        self._trouble()
        self._uses(bookings)
        people = {booking.name: customer(self.chance) for booking in bookings}
        if "checked_out" in self.offer.kinds and self.offer.vendor in KEYS:
            self._check_outs(bookings)
        if self.offer.switches:
            self._switch_off()
            self._owner_acts(bookings)
        history = History(
            seed=self.seed,
            vendor=self.offer.vendor,
            begin=self.begin,
            resources=self.resources,
            people=people,
            steps=tuple(sorted(self.steps, key=lambda step: step.at)),
        )
        acts = self.offer.switches
        return owners.extended(history, acts=acts, widens=acts or self.offer.margins)

    def _resources(self) -> dict[str, dict[str, Any]]:
        base = {"vendor": self.offer.vendor, "zone": self.chance.choice(ZONES)}
        base["trigger"] = "paid" if self.chance.random() < 0.2 else "confirmed"
        found = {}
        for number in range(1, self.chance.randint(1, 3) + 1):
            traits: dict[str, Any] = dict(base)
            if self.chance.random() < 0.3:
                traits["doors"] = 2
            if self.chance.random() < 0.3:
                traits["channel"] = "sms"
            if self.chance.random() < 0.3:
                traits["send_before"] = self.chance.choice(("0h", "2h", "24h"))
            margins = (
                ("1h", "2h") if self.offer.vendor == "igloohome" else ("15m", "1h")
            )
            for name in ("margin_before", "margin_after"):
                if self.chance.random() < 0.25:
                    traits[name] = self.chance.choice(margins)
            found[f"court-{number}"] = traits
        return found

    def _begin(self) -> datetime:
        days = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in PLAIN_DAYS]
        turns = changes(str(self.zone))
        self.near = self.chance.choice(turns or days)
        if self.chance.random() < 0.5:
            self.near = self.chance.choice(days)
        at = self.near - self.chance.randint(2, 4) * DAY
        return at.replace(hour=8, minute=0, second=0, microsecond=0)

    def _bookings(self) -> Iterator[_Booking]:
        for number in range(1, self.chance.randint(1, 4) + 1):
            times = self._times(f"b{number}")
            if times is None:
                continue
            resource, start, end = times
            early = self.chance.random() < 0.85
            told = self.begin + self.chance.randint(1, 600) * MINUTE
            if not early:
                told = start + (end - start) * self.chance.choice((0.1, 0.5))
            told = min(told, end - MINUTE) if early else told
            yield _Booking(f"b{number}", resource, start, end, _whole(told))

    def _times(self, whose: str) -> tuple[str, datetime, datetime] | None:
        """Return a free resource, start and end; None if a key is always taken."""
        for _ in range(20):
            resource = self.chance.choice([*self.set_up])
            day = self.begin + self.chance.randint(1, 7) * DAY
            if self.chance.random() < 0.3:
                day = self.near - self.chance.choice((0, 0, 1)) * DAY + 12 * HOUR
            day = day.astimezone(self.zone)
            hour, minute = map(int, self.chance.choice(CLOCKS).split(":"))
            local = day.replace(hour=hour, minute=minute, second=0)
            start = local.astimezone(UTC) + self.chance.choice((0, 0, 7)) * MINUTE
            long = self.offer.vendor == "igloohome" and self.chance.random() < 0.15
            end = start + self.chance.choice(LONG if long else LENGTHS)
            if self._take(whose, resource, start, end):
                return resource, start, end
        return None

    def _take(self, whose: str, resource: str, start: datetime, end: datetime) -> bool:
        """Say whether a resource is free for a booking then, and take it."""
        if self.offer.vendor in KEYS:
            traits = self.set_up[resource]
            first = start - traits.margin_before
            last = end + traits.margin_after + traits.return_grace
            if any(
                name == resource and who != whose and first < until and since < last
                for who, name, since, until in self.taken
            ):
                return False
            self.taken.append((whose, resource, first, last))
        return True

    def _course(self, booking: _Booking, others: Sequence[_Booking]) -> None:
        """Draw what happens to a booking, from its confirmation on."""
        at = booking.told
        self._event("confirmed", booking, at)
        if next(iter(self.set_up.values())).trigger == "paid":
            at += self.chance.randint(1, 90) * MINUTE
            if self.chance.random() < 0.9:
                self._event("paid", booking, at)
        for _ in range(self.chance.choice((0, 1, 1, 2, 3))):
            at += self.chance.choice((2, 30, 60 * 5, 60 * 30)) * MINUTE
            kind = self.chance.choice(self.kinds) if self.kinds else ""
            if at >= booking.end:
                return
            if not self._happens(kind, booking, at, others):
                return

    def _happens(
        self, kind: str, booking: _Booking, at: datetime, others: Sequence[_Booking]
    ) -> bool:
        """Let something happen; False once the booking is cancelled."""
        if kind == "cancel" and "cancelled" in self.offer.kinds:
            self._event("cancelled", booking, at)
            self._repeat_first(booking, at + self.chance.choice((2, 60)) * MINUTE)
            return False
        if kind == "repeat":
            last = self.steps[-1]
            if isinstance(last, EventStep):
                again = (*last.arrivals, at, at + SECOND)
                self.steps[-1] = last.model_copy(update={"arrives": again})
        elif kind == "late":
            last = self.steps[-1]
            if isinstance(last, EventStep) and len(last.arrivals) == 1:
                later = at + self.chance.choice((MINUTE, 3 * HOUR, 40 * HOUR))
                self.steps[-1] = last.model_copy(update={"arrives": (later,)})
        elif kind and "changed" in self.offer.kinds:
            self._change(kind, booking, at, others)
        return True

    def _repeat_first(self, booking: _Booking, at: datetime) -> None:
        """Let a booking's first event come again, perhaps, after its cancellation."""
        for index, step in enumerate(self.steps):
            if isinstance(step, EventStep) and step.booking == booking.name:
                if self.chance.random() < 0.5:
                    again = (*step.arrivals, _whole(at))
                    self.steps[index] = step.model_copy(update={"arrives": again})
                return

    def _change(
        self, kind: str, booking: _Booking, at: datetime, others: Sequence[_Booking]
    ) -> None:
        resource, start, end = booking.resource, booking.start, booking.end
        if kind == "move" and (times := self._times(booking.name)):
            resource, (start, end) = booking.resource, times[1:]
        elif kind in RETIMED:
            start, end = RETIMED[kind](start, end, at, self.chance)
        elif kind == "another":
            resource = self.chance.choice([*self.set_up])
        elif kind == "swap":
            other = self.chance.choice([*others])
            if other is not booking and self.offer.vendor not in KEYS:
                booking.resource, other.resource = other.resource, booking.resource
                self._event("changed", booking, at)
                self._event("changed", other, max(at, other.told) + SECOND)
                self._paid_as_swapped(other, at)
            return
        start, end = _whole(start), _whole(end)
        same = (resource, start, end) == (booking.resource, booking.start, booking.end)
        if same or end <= at or not self._take(booking.name, resource, start, end):
            return
        booking.resource, booking.start, booking.end = resource, start, end
        self._event("changed", booking, at)

    def _paid_as_swapped(self, booking: _Booking, since: datetime) -> None:
        """Let what is paid after a swap be what was swapped to."""
        for index, step in enumerate(self.steps):
            if not isinstance(step, EventStep) or step.kind != "paid":
                continue
            if step.booking == booking.name and step.at > since:
                update = {"resource": booking.resource}
                self.steps[index] = step.model_copy(update=update)

    def _event(self, kind: str, booking: _Booking, at: datetime) -> None:
        if kind not in self.offer.kinds:
            return
        steps = [step for step in self.steps if isinstance(step, EventStep)]
        while any((step.booking, step.at) == (booking.name, at) for step in steps):
            at += SECOND  # which of two came first would be anybody's guess
        self.steps.append(
            EventStep(
                at=_whole(at),
                booking=booking.name,
                kind=kind,  # type: ignore[arg-type]  # one of the offer's words
                resource=booking.resource,
                start=booking.start,
                end=booking.end,
            )
        )

    def _trouble(self) -> None:
        """Draw one or two faults, each just before something arrives."""
        events = [step for step in self.steps if isinstance(step, EventStep)]
        later = [step for step in events if step.kind in WORTH_A_FAULT]
        for _ in range(self.chance.choice((0, 0, 0, 1, 1, 2)) if events else 0):
            step = self.chance.choice(events)
            if later and self.chance.random() < 0.6:
                step = self.chance.choice(later)
            at = self.chance.choice(step.arrivals)
            until = at + self.chance.choice((10 * MINUTE, HOUR, 3 * HOUR))
            what = self.chance.choice(TROUBLES)
            if what == "restart" and self.offer.restarts:
                self.steps.append(RestartStep(at=at + SECOND))
            elif what == "mail down":
                self.steps.append(MailStep(at=at - SECOND, until=until))
            elif what == "fault" and self.offer.calls:
                self.steps.append(self._fault(step.kind, at - SECOND, until))

    def _fault(self, kind: str, at: datetime, until: datetime) -> FaultStep:
        calls = [*self.offer.calls, "every call"]
        likely = [call for call in WORTH_A_FAULT.get(kind, ()) if call in calls]
        call = self.chance.choice(calls)
        if likely and self.chance.random() < 0.6:
            call = self.chance.choice(likely)
        times = 1 if self.chance.random() < 0.5 else None
        effect = self.chance.choice(EFFECTS)
        return FaultStep(at=at, until=until, call=call, effect=effect, times=times)

    def _uses(self, bookings: Sequence[_Booking]) -> None:
        for booking in bookings:
            if self.chance.random() < 0.5:
                at = booking.start + self.chance.choice(
                    (5 * MINUTE, 5 * HOUR, 23 * HOUR)
                )
                self.steps.append(UseStep(at=_whole(at), booking=booking.name))

    def _switch_off(self) -> None:
        """Draw whether the connection is off when a cancellation arrives, the first."""
        events = [step for step in self.steps if isinstance(step, EventStep)]
        ended = [step.arrivals[0] for step in events if step.kind == "cancelled"]
        if ended and self.chance.random() < 0.5:
            at = min(ended) - MINUTE / 2  # nothing else happens then
            until = at + self.chance.choice((10, 90)) * MINUTE
            self.steps.append(OffStep(at=at, until=until))

    def _owner_acts(self, bookings: Sequence[_Booking]) -> None:
        """Draw what the owner changes, and what is refused or taken away meanwhile."""
        if not bookings:
            return
        booking, what = self.chance.choice(bookings), self.chance.random()
        at = booking.told + 45 * MINUTE + MINUTE / 2  # nothing else happens then
        if what < 0.15:
            self.steps.append(OwnerStep(at=_whole(at), resource=booking.resource))
        elif what < 0.3:
            sets = {"margin_before": self.chance.choice(("1h", "3h"))}
            step = OwnerStep(at=_whole(at), resource=booking.resource, sets=sets)
            self.steps.append(step)
        elif what < 0.45 and self.offer.vendor in owners.LISTS_CODES:
            self.steps.append(TakenStep(at=_whole(at), booking=booking.name))
        elif what < 0.6 and "create code" in self.offer.calls:
            at = booking.told - SECOND
            until = at + self.chance.choice((HOUR, 30 * HOUR))
            call, effect = "create code", "400"
            self.steps.append(FaultStep(at=at, until=until, call=call, effect=effect))

    def _check_outs(self, bookings: Sequence[_Booking]) -> None:
        """Draw who checks out before the end, as the last that happens to a booking."""
        for booking in bookings:
            at = _whole(booking.start + (booking.end - booking.start) * 3 / 5)
            events = [step for step in self.steps if isinstance(step, EventStep)]
            mine = [step for step in events if step.booking == booking.name]
            last = max((max(step.arrivals) for step in mine), default=at)
            cancelled = any(step.kind == "cancelled" for step in mine)
            if last < at and not cancelled and self.chance.random() < 0.4:
                self._event("checked_out", booking, at)


def _whole(at: datetime) -> datetime:
    """Return an instant without parts of a second."""
    return at.replace(microsecond=0)
