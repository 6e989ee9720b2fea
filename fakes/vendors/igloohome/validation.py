"""An order for an algoPIN, and what igloohome refuses about it, in which order.

Invariants: the first row of `CHECKS` that finds something wrong is the answer. A
property of `Order` may fail on an order that an earlier check would have refused, so
the order of the rows matters. Minutes and hours are checked as written; whole hours are
also checked on the lock's own clock, which counts them (in Kolkata 10:00+05:30 is
whole, 10:00+00:00 is not).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fakes.doors.algopin import KINDS, PinKind
from fakes.doors.lockclock import HOUR, zone
from fakes.vendors.igloohome.schemas import FORM, Written
from fakes.vendors.igloohome.state import Device, quirk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fakes.kit.world import World


STARTS_ONLY = ("onetime", "permanent")
DAY = timedelta(days=1)
LONGEST_NAME = 60
UNITS = {"hourly": "hours", "daily": "days"}


@dataclass(frozen=True)
class Order:
    """A PIN that a client asks for, before anything about it is sure."""

    world: World
    device: Device
    kind: str
    body: Mapping[str, Any]

    @property
    def limits(self) -> PinKind:
        """What a PIN of this kind can say."""
        return KINDS[self.kind]

    @property
    def date_fields(self) -> tuple[str, ...]:
        """The dates that this kind takes."""
        starts_only = self.kind in STARTS_ONLY or self.has_open_end
        return ("startDate",) if starts_only else ("startDate", "endDate")

    @property
    def has_open_end(self) -> bool:
        """Whether it is a daily PIN whose end is left to the cloud."""
        open_end = self.kind == "daily" and self.body.get("endDate") is None
        return open_end and bool(quirk(self.world, "daily-without-end"))

    @cached_property
    def dates(self) -> tuple[Written, ...]:
        """The dates as written; ValueError if one is not valid."""
        dates = [Written(self.body[field]) for field in self.date_fields]
        if self.has_open_end:
            days = timedelta(days=int(quirk(self.world, "daily-without-end")))
            end = datetime.fromisoformat(dates[0].text) + days
            dates.append(Written(end.isoformat()))
        return tuple(dates)

    @property
    def variances(self) -> int:
        """How many PINs of one window there are."""
        if self.kind == "permanent":
            return int(quirk(self.world, "permanent-variances"))
        return self.limits.variances[-1]

    @property
    def unit(self) -> timedelta:
        """The unit in which this kind counts its length."""
        return timedelta(hours=self.limits.hours_per_unit)

    @cached_property
    def start(self) -> float:
        """What the lock's clock will show at the start."""
        return self.reads(self.dates[0])

    @cached_property
    def span(self) -> timedelta:
        """How long it lasts: by the calendar for a daily PIN, else by the lock."""
        start, end = self.dates
        if self.kind == "daily" and not self.counts_elapsed_days:
            return end.wall - start.wall
        return timedelta(seconds=self.reads(end) - self.reads(start))

    @property
    def counts_elapsed_days(self) -> bool:
        """Whether a day is 24 hours rather than a date."""
        return bool(quirk(self.world, "daily-across-dst") == "elapsed-days")

    @property
    def duration(self) -> int:
        """The length in the kind's own unit."""
        return 1 if self.kind in STARTS_ONLY else self.span // self.unit

    def reads(self, date: Written) -> float:
        """Return what the lock's clock will show at a date."""
        return self.device.clock.reads(date.instant)


def refusal(order: Order) -> str | None:
    """Return why the order is refused, or nothing if it is good."""
    return next((reason for check in CHECKS if (reason := check(order))), None)


def _missing(order: Order) -> str | None:
    for field in ("variance", *order.date_fields, "accessName"):
        if order.body.get(field) is None:
            return f"{field} is missing"
    return None


def _mistyped(order: Order) -> str | None:
    if type(order.body["variance"]) is not int:
        return "variance must be a whole number"
    for field in (*order.date_fields, "accessName"):
        if not isinstance(order.body[field], str):
            return f"{field} must be text"
    try:
        _ = order.dates
    except ValueError as error:
        return str(error)
    return None


def _variance(order: Order) -> str | None:
    if 1 <= order.body["variance"] <= order.variances:
        return None
    return f"variance must be 1 to {order.variances} for {order.kind}"


def _written_hour(order: Order) -> str | None:
    fractions = quirk(order.world, "accepts-fractions")
    for date in order.dates:
        rest = date.fraction if fractions else None
        if date.wall.minute or date.wall.second or int(rest or 0):
            return f"minutes and seconds of {date.text} must be 00"
        if date.fraction and not fractions:
            return f"{date.text} is no date of the form {FORM}"
    return None


def _offset(order: Order) -> str | None:
    for date in order.dates:
        z_passes = date.offset == "Z" and quirk(order.world, "accepts-z")
        if not z_passes and date.offset in {None, "Z"}:
            return f"{date.text} must end in a numeric offset such as +01:00"
    return None


def _lock_hour(order: Order) -> str | None:
    by_instant = quirk(order.world, "foreign-offset") == "by-instant"
    for date in order.dates:
        if order.reads(date) % HOUR and not by_instant:
            return f"{date.text} is no whole hour of the lock's clock"
        if quirk(order.world, "foreign-offset") == "refused" and _foreign(order, date):
            return f"{date.text} must be written with the lock's own offset"
    return None


def _foreign(order: Order, date: Written) -> bool:
    clock = order.device.clock
    written = datetime.fromisoformat(date.text).utcoffset()
    local = date.instant.astimezone(zone(clock.timezone)).utcoffset()
    return written not in {local, timedelta(seconds=clock.offset_seconds)}


def _backwards(order: Order) -> str | None:
    if len(order.dates) == 1 or order.reads(order.dates[1]) > order.start:
        return None
    return "endDate must be after startDate"


def _range(order: Order) -> str | None:
    if order.kind in STARTS_ONLY:
        return None
    shortest, longest = order.limits.durations[0], order.limits.durations[-1]
    if shortest * order.unit <= order.span <= longest * order.unit:
        return None
    return f"{order.kind} must last {shortest} to {longest} {UNITS[order.kind]}"


def _daily_hours(order: Order) -> str | None:
    if order.kind != "daily":
        return None
    start, end = order.dates
    if order.counts_elapsed_days and order.span % DAY:
        return "startDate and endDate must be whole days of 24 hours apart"
    if start.wall.hour != end.wall.hour:
        return "startDate and endDate must have the same hour"
    return None


def _past(order: Order) -> str | None:
    now = order.device.clock.reads(order.world.now)
    if order.start // HOUR < now // HOUR:
        return "startDate must not be before the current hour"
    return None


def _too_far(order: Order) -> str | None:
    days = int(quirk(order.world, "furthest-start-days"))
    if order.dates[0].instant - order.world.now > timedelta(days=days):
        return f"startDate must be within {days} days from now"
    return None


def _name(order: Order) -> str | None:
    if 1 <= len(order.body["accessName"]) <= LONGEST_NAME:
        return None
    return f"accessName must have 1 to {LONGEST_NAME} characters"


CHECKS: tuple[Callable[[Order], str | None], ...] = (
    _missing,
    _mistyped,
    _variance,
    _written_hour,
    _offset,
    _lock_hour,
    _backwards,
    _range,
    _daily_hours,
    _past,
    _too_far,
    _name,
)
