"""The recurring key: one key for a returning customer, set again for each booking.

Invariants: pure. A key holds one window at a time and none but its own; so a window is
pushed onto it only once the one before is over, and never two for one day (NUK-11).

Theory: with `weekly` a booking is a season, from its first start to its last end, and
its key is set once (NUK-09). With the other forms a key is the customer's: the window
of the next day's booking is pushed onto it each night, written by day and minutes or
by exact instants (NUK-10).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, tzinfo

    from service.domain.events import Customer
    from service.domain.windows import Window

NIGHT: Final = timedelta(hours=2)
"""How long before midnight the next day's windows are pushed."""


class Form(StrEnum):
    """How a key's window is written, in the words of a rule."""

    WEEKLY = "weekly"
    DAY = "day"
    INSTANTS = "instants"


@dataclass(frozen=True, slots=True)
class RecurringKey:
    """A rule's wish for recurring keys, with minutes of grace on both sides."""

    form: Form
    grace_minutes: int = 0

    @property
    def grace(self) -> timedelta:
        """Return the grace on each side."""
        return timedelta(minutes=self.grace_minutes)

    @property
    def pushed(self) -> bool:
        """Tell whether the key is the customer's, and pushed night by night."""
        return self.form is not Form.WEEKLY


def holder(customer: Customer) -> str | None:
    """Return what tells a returning customer, None for one who cannot be told."""
    known = customer.email or customer.phone
    return known.strip().casefold() if known else None


def push_at(
    window: Window, others: Iterable[Window], *, now: datetime, zone: tzinfo
) -> datetime | None:
    """Return when the window goes onto the key; None where the key is taken that day.

    `others` are the key's other windows that are not over. The push waits for the
    end of one that is still running then; a window that would still be running when
    a later one is pushed finds the key taken too.
    """
    at = max(now, _night(window, zone))
    for other in others:
        if _days(other, zone) & _days(window, zone):
            return None
        if other.start < window.start:
            at = max(at, other.end or other.start)
        elif _night(other, zone) < (window.end or other.start):
            return None
    return at if at == now or at < window.start else None


def _night(window: Window, zone: tzinfo) -> datetime:
    """Return when the window is pushed: shortly before the midnight of its day."""
    midnight = datetime.combine(_first(window, zone), time(), zone)
    return midnight.astimezone(UTC) - NIGHT


def _first(window: Window, zone: tzinfo) -> date:
    return window.start.astimezone(zone).date()


def _days(window: Window, zone: tzinfo) -> set[date]:
    """Return the days on the wall that the window touches."""
    last = (window.end or window.start).astimezone(zone).date()
    days = (last - _first(window, zone)).days
    return {_first(window, zone) + timedelta(days=n) for n in range(days + 1)}
