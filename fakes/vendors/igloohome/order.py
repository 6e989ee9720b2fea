"""An order for an algoPIN, as a client wrote it and as the lock will count it.

Invariants: nothing is judged here. A property may fail on an order that `limits.py` has
not let through yet, so the limits are asked in their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fakes.doors.algopin import KINDS, PinKind
from fakes.vendors.igloohome.shapes import Written
from fakes.vendors.igloohome.state import Device, quirk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fakes.kit.world import World

STARTS_ONLY = ("onetime", "permanent")


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
        return ("startDate",) if self.kind in STARTS_ONLY else ("startDate", "endDate")

    @cached_property
    def dates(self) -> tuple[Written, ...]:
        """The dates as written; ValueError if one is none."""
        return tuple(Written(self.body[field]) for field in self.date_fields)

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
