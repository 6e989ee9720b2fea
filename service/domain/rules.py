"""Rules: which event makes which codes for a booked resource (CON-03, CON-04).

Invariants: `desired` says what must exist for a booking, whatever exists already. It
never asks how the booking got there, so replaying an event after a rule was added, or
counting the same event twice, leads to the same accesses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce
from typing import Final

from service.domain.booking import TRIGGERS, Booking, Trigger, membership_of
from service.domain.schedule import NO_MARGIN, WIDER, Form, Margin, RecurringKey


class Channel(StrEnum):
    """How a message reaches the customer (MSG-01)."""

    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Returning:
    """A rule's terms about giving keys back, in minutes after the end.

    Within `grace_minutes` the lock system still takes the key back by the guest's own
    code; it is set there, and repeated here (LIV-03). A key that is still out after
    `overdue_after_minutes` is reported (LIV-05); with `report_returns` so is one that
    came back (LIV-06).
    """

    grace_minutes: int = 0
    overdue_after_minutes: int = 0
    report_returns: bool = False

    @property
    def delay(self) -> timedelta:
        """Return how long after the end a missing key is reported."""
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
            self.report_returns or other.report_returns,
        )


NO_TERMS: Final = Returning()


@dataclass(frozen=True, slots=True)
class Rule:
    """Booked `resource` opens `locks`, once `trigger` was seen.

    For a rule about members `resource` is the community (EXV-02).

    `send_hours_before` None sends the message at once, otherwise so many hours
    before the booking's start (MSG-02). `recurring` asks for recurring keys;
    `returning` are the terms by which keys are given back. `options` are further ways
    in that its vendor offers (EXV-05). With `remake_codes` a code that somebody took
    away at the vendor is made anew (CON-13).
    """

    id: str
    resource: str
    locks: tuple[str, ...]
    trigger: Trigger
    channel: Channel = Channel.EMAIL
    send_hours_before: int | None = None
    margin: Margin = NO_MARGIN
    copy_to_owner: bool = False
    recurring: RecurringKey | None = None
    returning: Returning = NO_TERMS
    remake_codes: bool = False
    options: tuple[str, ...] = ()

    @property
    def of_members(self) -> bool:
        """Return whether it is about the members of a community."""
        return self.trigger.of_members

    def with_margin(self, least: Margin) -> Rule:
        """Return it with that margin at least; keys and members have none."""
        margin = self.margin.widest(least)
        if self.recurring or self.of_members or margin == self.margin:
            return self
        return replace(self, margin=margin)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An access that must exist: one lock, from start to end, with its margin.

    `extra_lock_ids` are further locks that the same code opens. `resource` is what of
    the booking it is for.
    """

    lock: str
    start: datetime
    end: datetime
    margin: Margin
    recurring: RecurringKey | None = None
    extra_lock_ids: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    resource: str = field(default="", compare=False)

    @property
    def locks(self) -> tuple[str, ...]:
        """Return all locks that it opens."""
        return (self.lock, *self.extra_lock_ids)

    def wider(self, steps: int) -> Wanted:
        """Return it with the margin that it has so many steps of `WIDER` on."""
        return replace(self, margin=self.margin.plus(WIDER[steps]))

    def like(self, other: Wanted) -> bool:
        """Return whether both open the same in the same ways, whenever that is."""
        return (self.locks, self.options) == (other.locks, other.options)


@dataclass(frozen=True, slots=True)
class DesiredState:
    """What must exist for a booking, and the reason when that is nothing."""

    wanted: tuple[Wanted, ...] = ()
    fired: tuple[Rule, ...] = ()
    reason: str | None = None


def desired(
    booking: Booking,
    rules: Iterable[Rule],
    *,
    until: datetime | None = None,
    shared: bool = False,
    apart: Collection[str] = (),
) -> DesiredState:
    """Return the accesses that must exist now, one a lock, and the rules behind them.

    A lock named by several rules gets one access with the widest margins, on a
    recurring key where one of them asks for it. With `shared` the locks of a rule get
    one access together, but for those that stand `apart`. `until` stands in for the
    end of a booking that has none.
    """
    mine = [rule for rule in rules if rule.resource in booking.details.resources]
    reason = unmet_reason(booking, {rule.trigger for rule in mine})
    if reason is not None:
        return DesiredState(reason=reason)
    met = (rule for rule in mine if rule.trigger in booking.triggers)
    fired = tuple(sorted(met, key=lambda rule: rule.id))
    end = booking.details.end or until or booking.details.start
    wanted = _one_a_lock(booking, end, fired)
    if shared:
        wanted = _one_a_rule(wanted, fired, apart)
    return DesiredState(wanted=wanted, fired=fired)


def unmet_reason(booking: Booking, triggers: Iterable[Trigger]) -> str | None:
    """Return why the booking asks for no code now, None where it does (CON-04).

    `triggers` is what the rules about its resources wait for.
    """
    if booking.cancelled:
        return _over_reason(booking)
    resource, by_membership = booking.details.resources, booking.by_membership
    fitting = [each for each in triggers if each.of_members == by_membership]
    if not fitting:
        what = "community" if by_membership else "resource"
        return f"no rule for {what} {named(resource)}; add one that names its locks"
    if booking.triggers.isdisjoint(fitting):
        return _waiting_reason(named(resource), fitting)
    return None


def send_at(rule: Rule, booking: Booking, now: datetime) -> datetime:
    """Return when the message of this rule is due, never before now (MSG-02)."""
    if rule.send_hours_before is None:
        return now
    return max(now, booking.details.start - timedelta(hours=rule.send_hours_before))


def _over_reason(booking: Booking) -> str:
    membership = membership_of(booking.ref)
    if membership is not None:
        return f"membership {membership} has ended"
    return f"booking {booking.ref} is cancelled"


def _waiting_reason(resource: str, triggers: Iterable[Trigger]) -> str:
    kinds = {trigger: str(kind) for kind, trigger in TRIGGERS.items()}
    events = sorted(kinds[each] for each in triggers)
    return f"the rule for resource {resource} waits for {' or '.join(events)}"


def named(resources: Iterable[str]) -> str:
    """Return the names as a sentence shows them."""
    return " and ".join(map(repr, resources))


def _one_a_lock(
    booking: Booking, end: datetime, rules: Iterable[Rule]
) -> tuple[Wanted, ...]:
    by_lock: dict[str, list[Rule]] = {}
    for rule in rules:
        for lock in rule.locks:
            by_lock.setdefault(lock, []).append(rule)
    return tuple(_wanted(booking, end, lock, by_lock[lock]) for lock in sorted(by_lock))


def _wanted(booking: Booking, end: datetime, lock: str, rules: list[Rule]) -> Wanted:
    """Return what the rules that name the lock ask for together."""
    start, days = booking.details.start, booking.details.weekdays
    keys = [
        _on_days(each.recurring, days) if days else each.recurring for each in rules
    ]
    return Wanted(
        lock,
        start,
        end,
        margin=reduce(Margin.widest, (each.margin for each in rules)),
        recurring=next(filter(None, keys), None),
        options=tuple(sorted({name for each in rules for name in each.options})),
        resource=rules[0].resource,
    )


def _on_days(recurring: RecurringKey | None, days: tuple[int, ...]) -> RecurringKey:
    """Return the key of a standing booking, with the grace of its rule."""
    return RecurringKey(Form.WEEKLY, recurring.grace_minutes if recurring else 0, days)


def _one_a_rule(
    wanted: Iterable[Wanted], rules: Iterable[Rule], apart: Collection[str]
) -> tuple[Wanted, ...]:
    """Return what is wanted, together where the first rule and all else is the same."""
    first = {lock: rule.id for rule in reversed(tuple(rules)) for lock in rule.locks}
    groups: dict[tuple[str, str, Wanted], list[str]] = {}
    for want in wanted:
        alone = want.lock if want.lock in apart else ""
        key = first[want.lock], alone, replace(want, lock="")
        groups.setdefault(key, []).append(want.lock)
    return tuple(
        replace(want, lock=locks[0], extra_lock_ids=tuple(locks[1:]))
        for (*_, want), locks in groups.items()
    )
