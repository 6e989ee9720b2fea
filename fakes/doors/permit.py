"""The permit of one person at one door: by what and when it opens.

Invariants: pure. A permit is valid from its start until its end (exclusive), in the
hours of its days. Days are named as the site's calendar names them: "0" is Sunday, "6"
is Saturday, "a" and "b" are special days. Minutes are those of the door's own zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - pydantic reads it

from fakes.doors.lockclock import zone

Days = frozenset[str]


@dataclass(frozen=True)
class Hours:
    """Minutes from midnight, the last excluded, on some days."""

    days: tuple[str, ...]
    first: int
    last: int
    pin_required: bool = False  # a badge alone is not enough


@dataclass(frozen=True)
class Badge:
    """A card, a fob or a key on a phone: its number, and the end of its validity."""

    number: str
    until: datetime | None = None


@dataclass(frozen=True)
class Permit:
    """One permit; `always` needs no hours."""

    ref: str
    pin: str | None = None
    badges: tuple[Badge, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    always: bool = False
    hours: tuple[Hours, ...] = ()

    def carries(self, medium: str, at: datetime) -> bool:
        """Whether this permit has the badge of that number, and it is valid."""
        return any(
            badge.number == medium and (badge.until is None or at < badge.until)
            for badge in self.badges
        )

    def needs_pin(self, days: Days, minute: int) -> bool:
        """Whether a badge needs the PIN too at this minute."""
        now = [each for each in self.hours if _holds(each, days, minute)]
        return not self.always and all(each.pin_required for each in now)

    def refusal(self, at: datetime, days: Days, minute: int) -> str | None:
        """Return why it is not valid at an instant, or None if it is."""
        if self.start is not None and at < self.start:
            return "early"
        if self.end is not None and at >= self.end:
            return "over"
        if self.always or any(_holds(each, days, minute) for each in self.hours):
            return None
        return "wrong-time"


@dataclass(frozen=True)
class Calendar:
    """The special days of a site, and whether they count as weekdays too."""

    special: dict[str, str] = field(default_factory=dict)  # ISO date: "a" or "b"
    keeps_weekday: bool = False

    def reads(self, at: datetime, timezone: str) -> tuple[Days, int]:
        """Return the names of the day at a door, and the minute of that day."""
        local = at.astimezone(zone(timezone))
        weekday = str(local.isoweekday() % 7)
        special = self.special.get(local.date().isoformat())
        named = [special] if special else []
        if not special or self.keeps_weekday:
            named.append(weekday)
        return frozenset(named), local.hour * 60 + local.minute


def _holds(hours: Hours, days: Days, minute: int) -> bool:
    return not days.isdisjoint(hours.days) and hours.first <= minute < hours.last
