"""A booking or a membership, as the sum of the events that a platform sends about it.

A membership, access for as long as somebody belongs to a community (EXV-02), is kept
as a booking of that community without a known end, so all that holds for bookings holds
for it. A code needs an end: one is ordered some steps ahead, and renewed before that.

Invariants:

- An event never changes once it is stored. It says what was true at `occurred_at`, by
  the platform's clock. The order of arrival decides only between two events of the same
  instant and rank; ids decide nothing.
- `join` is associative and idempotent, and commutative but for such events: the same
  events make the same booking, in any order, however often each arrives (CON-12).
- The details are those of the latest event that gives any; within one instant a change
  beats a confirmation. A confirmation of another resource adds it, a change sets all.
- The triggers seen are a set that only grows.
- A cancellation holds, even when it arrives before the booking that it cancels, until a
  later confirmation, or a membership's later start.
- A membership begins at the earliest start that any of its events gives.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import IntEnum, StrEnum
from typing import Final

from service.domain.errors import SemanticError
from service.domain.schedule import day_names, season_error

AHEAD: Final = timedelta(days=30)
"""How long before its end a member's code is renewed."""

PREFIX: Final = "membership:"
"""What tells the ref of a membership; no booking's id may begin so."""


def ref_of(membership: str) -> str:
    """Return the ref under which a membership is kept."""
    return PREFIX + membership


def membership_of(ref: str | None) -> str | None:
    """Return the membership's own id, None for the ref of a booking, or none."""
    if ref is None or not ref.startswith(PREFIX):
        return None
    return ref.removeprefix(PREFIX)


def reach(start: datetime, step: timedelta, now: datetime) -> datetime:
    """Return until when a member's code is good: whole steps from the start."""
    passed = max(now + AHEAD - start, timedelta()) // step
    return start + (passed + 1) * step


def renewal(until: datetime) -> datetime:
    """Return when a code that is good until then is renewed."""
    return until - AHEAD


class EventType(StrEnum):
    """The kinds of event, as they stand in a webhook's `type`."""

    CONFIRMED = "booking.confirmed"
    PAID = "booking.paid"
    STARTING = "booking.starting"
    CHANGED = "booking.changed"
    CANCELLED = "booking.cancelled"
    CHECKED_OUT = "booking.checked_out"
    STARTED = "membership.started"
    ENDED = "membership.ended"


class Trigger(StrEnum):
    """The events a rule can wait for before a code is made (CON-04).

    A rule that waits for `STARTED` is about the members of a community (EXV-02).
    """

    CONFIRMED = "confirmed"
    PAID = "paid"
    STARTING = "starting"
    STARTED = "started"

    @property
    def of_members(self) -> bool:
        """Return whether it is about the members of a community."""
        return self is Trigger.STARTED


TRIGGERS: Final = {
    EventType.CONFIRMED: Trigger.CONFIRMED,
    EventType.PAID: Trigger.PAID,
    EventType.STARTING: Trigger.STARTING,
    EventType.STARTED: Trigger.STARTED,
}
ENDINGS: Final = {EventType.CANCELLED, EventType.CHECKED_OUT, EventType.ENDED}
REVIVALS: Final = {EventType.CONFIRMED, EventType.STARTED}
"""The events that bring back what was cancelled before."""


class Rank(IntEnum):
    """How much an event says of a booking, among those of one instant."""

    NOTHING = 0  # a cancellation, which needs the booking's id alone
    AS_BOOKED = 1
    CHANGED = 2


@dataclass(frozen=True, slots=True)
class Customer:
    """Who booked, and where a message reaches them; never shown in a repr.

    `id` is the platform's own of the customer, None where it names none.
    """

    name: str = field(default="", repr=False)
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    language: str | None = None
    id: str | None = field(default=None, repr=False)

    def may_be(self, other: Customer) -> bool:
        """Return whether both may be one person, by what both give."""
        pairs = (
            (self.id, other.id),
            (self.email, other.email),
            (self.phone, other.phone),
        )
        given = [(one, two) for one, two in pairs if one and two]
        return bool(given) and given[0][0] == given[0][1]


def holder(customer: Customer) -> str | None:
    """Return what identifies a returning customer, None where nothing does.

    That is the platform's own id where it names one: many guests may share an address.
    """
    known = customer.id or customer.email or customer.phone
    return known.strip().casefold() if known else None


@dataclass(frozen=True, slots=True)
class Details:
    """What a booking is about: the resource, from when to when, for whom.

    `others` are further resources. Of a membership `resource` is the community, and
    `end` is None: it is not known. A standing booking is of these `weekdays`, 0 for
    Monday, from the first day and time to the last; none means every day.
    """

    resource: str
    start: datetime
    end: datetime | None
    customer: Customer = Customer()
    others: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()

    @property
    def resources(self) -> tuple[str, ...]:
        """Return everything that is booked."""
        return (self.resource, *self.others)


NOTHING_KNOWN: Final = "(not told yet)"
"""The resource of a booking that is cancelled before anything is known of it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One message of the booking platform about the booking `ref`."""

    id: str
    type: EventType
    occurred_at: datetime
    ref: str
    details: Details

    @property
    def ends(self) -> bool:
        """Return whether the booking or membership ends with it."""
        return self.type in ENDINGS

    @property
    def rank(self) -> Rank:
        """Return how much it says of the booking."""
        if self.ends:
            return Rank.NOTHING
        changed = self.type is EventType.CHANGED
        return Rank.CHANGED if changed else Rank.AS_BOOKED


def id_alone(at: datetime, *, by_membership: bool = False) -> Details:
    """Return the details of an event that names the booking's id alone."""
    end = None if by_membership else at + timedelta.resolution
    return Details(NOTHING_KNOWN, at, end)


EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


def check_instant(name: str, instant: datetime | None) -> None:
    """Raise `SemanticError`, which names the field, far from all bookings."""
    if instant is not None and not EARLIEST <= instant < LATEST:
        fix = f"it lies between {EARLIEST.year} and {LATEST.year}"
        raise SemanticError(name, instant.isoformat(), fix)


CLOCKS_APART: Final = timedelta(minutes=10)
"""How far ahead of ours a platform's clock may be."""


def check_clock(occurred_at: datetime, now: datetime) -> None:
    """Raise `SemanticError` for an event of a time to come, which none could change."""
    if occurred_at > now + CLOCKS_APART:
        fix = "it is when that happened, and lies in the future; correct the clock"
        raise SemanticError("occurred_at", occurred_at.isoformat(), fix)


def validate_event(event: Event) -> None:
    """Raise `SemanticError` for an event that cannot be true, naming field and fix."""
    details = event.details
    check_instant("occurred_at", event.occurred_at)
    check_instant("booking.start", details.start)
    check_instant("booking.end", details.end)
    if details.end is None:
        return
    if membership_of(event.ref) is not None:
        fix = f"ids that begin with {PREFIX} are kept for memberships; choose others"
        raise SemanticError("booking.id", event.ref, fix)
    if details.end <= details.start:
        fix = f"it lies after booking.start, which is {details.start.isoformat()}"
        raise SemanticError("booking.end", details.end.isoformat(), fix)


def check_season(details: Details, zone: tzinfo) -> None:
    """Raise `SemanticError` for a standing booking whose days and times disagree.

    They are read as written, and as the clocks of the zone show them.
    """
    start, end = details.start, details.end
    if end is None or not details.weekdays:
        return
    days = details.weekdays
    written = season_error(start, end, days)
    local = season_error(start.astimezone(zone), end.astimezone(zone), days)
    if written and local:
        raise SemanticError("booking.weekdays", day_names(days), local)


@dataclass(frozen=True, slots=True)
class Booking:
    """What is known of one booking.

    `occurred_at` and `rank` are those of the event that the details come from.
    `named` is when each resource was last named, by `changed_at`, the latest change, or
    after it. `cancelled_at` and `confirmed_at` are the latest of each.
    """

    ref: str
    details: Details
    occurred_at: datetime
    rank: Rank = Rank.AS_BOOKED
    triggers: frozenset[Trigger] = frozenset()
    cancelled_at: datetime | None = None
    confirmed_at: datetime | None = None
    named: Mapping[str, datetime] = field(default_factory=dict)
    changed_at: datetime | None = None

    @property
    def by_membership(self) -> bool:
        """Return whether somebody belongs to a community, without a known end."""
        return self.details.end is None

    @property
    def ended_at(self) -> datetime | None:
        """Return when the booking was cancelled, None while it stands."""
        ended, revived = self.cancelled_at, self.confirmed_at
        return None if ended and revived and revived > ended else ended

    @property
    def cancelled(self) -> bool:
        """Return whether the booking is cancelled, or over before its time."""
        return self.ended_at is not None

    def says_the_same(self, before: Booking) -> bool:
        """Return whether nothing is new in it but when it was said."""
        new = (self.details, self.triggers, self.cancelled)
        return new == (before.details, before.triggers, before.cancelled)


def merge(booking: Booking | None, event: Event) -> Booking:
    """Return the booking with the event merged into it; None is a new booking."""
    seen = from_event(event)
    return seen if booking is None else join(booking, seen)


def from_event(event: Event) -> Booking:
    """Return the booking as this event alone describes it."""
    trigger, at = TRIGGERS.get(event.type), event.occurred_at
    says = event.details.resources if event.rank else ()
    return Booking(
        ref=event.ref,
        details=event.details,
        occurred_at=at,
        rank=event.rank,
        triggers=frozenset() if trigger is None else frozenset({trigger}),
        cancelled_at=at if event.ends else None,
        confirmed_at=at if event.type in REVIVALS else None,
        named=dict.fromkeys(says, at),
        changed_at=at if event.rank is Rank.CHANGED else None,
    )


def join(one: Booking, other: Booking) -> Booking:
    """Return both merged; of two events of one instant and rank, `other`'s counts."""
    if one.ref != other.ref:
        raise ValueError(f"bookings {one.ref!r} and {other.ref!r} are not the same")
    latest = max(other, one, key=_age)
    changed_at = _latest(one.changed_at, other.changed_at)
    return Booking(
        ref=one.ref,
        details=_details(latest, one, other, changed_at),
        occurred_at=latest.occurred_at,
        rank=latest.rank,
        triggers=one.triggers | other.triggers,
        cancelled_at=_latest(one.cancelled_at, other.cancelled_at),
        confirmed_at=_latest(one.confirmed_at, other.confirmed_at),
        named=_named(one, other, changed_at),
        changed_at=changed_at,
    )


def seen_with(booking: Booking, others: Collection[Booking]) -> Booking:
    """Return the booking as it is seen beside those of its id at other connections.

    Where they are one person's they are one booking, whose events may have come to any
    of them: it is gone from here once it was later changed to other resources there.
    """
    customer, resources = booking.details.customer, set(booking.details.resources)
    same = [each for each in others if each.details.customer.may_be(customer)]
    moved = [
        each.occurred_at
        for each in same
        if each.rank is Rank.CHANGED
        and each.occurred_at > booking.occurred_at
        and resources.isdisjoint(each.details.resources)
    ]
    triggers = booking.triggers.union(*(each.triggers for each in same))
    ends = _latest(booking.cancelled_at, *moved)
    return replace(booking, triggers=triggers, cancelled_at=ends) if same else booking


def _age(booking: Booking) -> tuple[bool, datetime, Rank]:
    return bool(booking.rank), booking.occurred_at, booking.rank


def _latest(*instants: datetime | None) -> datetime | None:
    return max((at for at in instants if at is not None), default=None)


def _details(
    latest: Booking, one: Booking, other: Booking, changed_at: datetime | None
) -> Details:
    """Return the details, those of a membership from its first start on."""
    if latest.by_membership:
        start = min(one.details.start, other.details.start)
        return replace(latest.details, start=start)
    resources = sorted(_named(one, other, changed_at))
    if not resources:
        return latest.details
    return replace(latest.details, resource=resources[0], others=tuple(resources[1:]))


def _named(
    one: Booking, other: Booking, changed_at: datetime | None
) -> dict[str, datetime]:
    """Return what the latest change named, and what was confirmed after it."""
    found: dict[str, datetime] = {}
    for each in (one, other):
        for name, at in each.named.items():
            if changed_at is None or each.changed_at == changed_at or at > changed_at:
                found[name] = max(at, found.get(name, at))
    return found
