"""Windows: the time in which a code opens a door.

Invariants: instants are aware; a window holds its start and not its end. How a vendor
cuts its windows is that vendor's own affair (`service/vendors/<name>/windows.py`); what
is here is common to all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service.domain.errors import NotWholeHours

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)
LONGEST_MARGIN_HOURS: Final = 168
LONGEST_MARGIN_MINUTES: Final = 60 * LONGEST_MARGIN_HOURS


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which a code works, in a kind that the vendor knows.

    `kind` is the vendor's own word (igloohome: onetime, hourly, daily, permanent).
    `end` is None when the code has no end. `first_use_by` is the instant from which
    a code that was never used is dead (IGL-05), None where no such rule bites.
    """

    kind: str
    start: datetime
    end: datetime | None
    first_use_by: datetime | None = None

    def over(self, now: datetime) -> bool:
        """Tell whether a code of this window opens nothing from now on."""
        return self.end is not None and now >= self.end


def whole_hours(name: str, value: object) -> int:
    """Return the value if it is a whole number of hours from 0 to a week (IGL-03)."""
    number = value if isinstance(value, int) and not isinstance(value, bool) else -1
    if 0 <= number <= LONGEST_MARGIN_HOURS:
        return number
    raise NotWholeHours(
        f"{name} is {value!r}: a margin is a whole number of hours from 0 to "
        f"{LONGEST_MARGIN_HOURS}, since the lock counts in whole hours; "
        "leave it out for none"
    )


@dataclass(frozen=True, slots=True)
class Margin:
    """What is added before and after a booking, up to a week each."""

    before: timedelta = timedelta()
    after: timedelta = timedelta()

    def fits(self, step: timedelta) -> bool:
        """Tell whether a vendor that counts in such steps takes it (IGL-03)."""
        return not (self.before % step or self.after % step)

    def widest(self, other: Margin) -> Margin:
        """Return the margin that satisfies both; the order does not matter."""
        return Margin(max(self.before, other.before), max(self.after, other.after))


NO_MARGIN: Final = Margin()


def margin_of(
    before_hours: int, before_minutes: int, after_hours: int, after_minutes: int
) -> Margin:
    """Return the margin of a rule, which is written in hours and minutes."""
    return Margin(
        before_hours * HOUR + before_minutes * MINUTE,
        after_hours * HOUR + after_minutes * MINUTE,
    )
