"""Windows: when a code opens a door, and the keys that get one after another.

How a vendor cuts its windows stands in `service/vendors/<name>/mapping.py`; what is
here is common to all vendors, or (`Exact`) to those that cut to the second.

Invariants: instants are aware. A window holds its start and not its end. A recurring
key holds one window at a time, and nothing but that window; so the next one is set only
once the one before is over, and never two for one day (NUK-11).

Recurring keys: with `weekly` a booking is a season, from its first start to its last
end, and its key is set once (NUK-09). With the other forms a key belongs to a returning
customer: each night it gets the window of the next day's booking, written by day and
minutes or by exact instants (NUK-10).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from service.domain.errors import NotWholeHours, NoWindow

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)
LONGEST_MARGIN_HOURS: Final = 168
LONGEST_MARGIN_MINUTES: Final = 60 * LONGEST_MARGIN_HOURS


def shown(instant: datetime, zone: tzinfo) -> str:
    """Return the instant in the zone's local time, for people to read."""
    return instant.astimezone(zone).isoformat(sep=" ", timespec="minutes")


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
        """Return whether a code of this window opens nothing from now on."""
        return self.end is not None and now >= self.end

    def meets(self, other: Window) -> bool:
        """Return whether both have a moment in common."""
        return not (self.over(other.start) or other.over(self.start))


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
        """Return whether it is made of whole steps (IGL-03)."""
        return not (self.before % step or self.after % step)

    def widest(self, other: Margin) -> Margin:
        """Return the margin that satisfies both; the order does not matter."""
        return Margin(max(self.before, other.before), max(self.after, other.after))

    @property
    def written(self) -> tuple[int, int, int, int]:
        """Return hours and minutes before, then after, which `margin_of` reads."""
        before_hours, before = divmod(self.before, HOUR)
        after_hours, after = divmod(self.after, HOUR)
        return before_hours, before // MINUTE, after_hours, after // MINUTE

    def plus(self, other: Margin) -> Margin:
        """Return both together."""
        return Margin(self.before + other.before, self.after + other.after)

    def between(
        self, start: datetime, end: datetime, beside: Iterable[Neighbour]
    ) -> Margin:
        """Return what is left of it where others have the time before and after.

        It gives way to their windows; where a margin of theirs reaches into the time
        from `start` to `end`, nothing is left, and theirs gives way to that time.
        """
        others, none = list(beside), timedelta()
        before = [
            max(start - each.window.end, none)
            for each in others
            if each.window.end and each.end <= start
        ]
        after = [
            max(each.window.start - end, none) for each in others if each.start >= end
        ]
        return Margin(min([self.before, *before]), min([self.after, *after]))


NO_MARGIN: Final = Margin()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody else's time of a lock: the booking's own, and the window around it."""

    start: datetime
    end: datetime
    window: Window


WIDER: Final = tuple(
    Margin(before * HOUR, after * HOUR)
    for before, after in ((0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 2))
)
"""What is added to a window, in turn, while all its codes are given away."""


def margin_of(
    before_hours: int, before_minutes: int, after_hours: int, after_minutes: int
) -> Margin:
    """Return the margin of a rule, which is written in hours and minutes."""
    return Margin(
        before_hours * HOUR + before_minutes * MINUTE,
        after_hours * HOUR + after_minutes * MINUTE,
    )


@dataclass(frozen=True, slots=True)
class Exact:
    """How one vendor's exact windows are called.

    `kind` is the vendor's word for them, `known` says which kinds it has, `thing` is
    what gets a window, `use` what it would have been good for.
    """

    kind: str
    known: str
    thing: str
    use: str = "open the door for"
    margin_step: timedelta = MINUTE

    @property
    def manual_kinds(self) -> tuple[str, ...]:
        """Return the one kind there is."""
        return (self.kind,)

    def variants(self, kind: str) -> int:
        """Return 1, since we choose the PIN, which makes codes differ."""
        del kind
        return 1

    def plan(
        self,
        start: datetime,
        end: datetime,
        *,
        now: datetime,
        zone: tzinfo,
        margin: Margin = NO_MARGIN,
    ) -> Window:
        """Return the booking's own time with its margin; `NoWindow` once it is over."""
        opens, closes = start - margin.before, end + margin.after
        return self.window(opens, closes, now=now, zone=zone)

    def plan_by_hand(
        self,
        kind: str,
        start: datetime,
        end: datetime | None,
        *,
        now: datetime,
        zone: tzinfo,
    ) -> Window:
        """Return the window asked for, which has an end."""
        if kind != self.kind:
            raise NoWindow(f"kind is {kind!r}; {self.known} of kind {self.kind!r}")
        if end is None or end <= start:
            raise NoWindow(f"{self.thing} has an end after its start; give one")
        return self.window(start, end, now=now, zone=zone)

    def window(
        self,
        opens: datetime,
        closes: datetime,
        *,
        now: datetime,
        zone: tzinfo,
        kind: str | None = None,
    ) -> Window:
        """Return the window, of the vendor's plain kind unless another is named."""
        if closes <= now:
            at = shown(closes, zone)
            raise NoWindow(f"it was over at {at}: nothing is left to {self.use}")
        opens, closes = opens.astimezone(UTC), closes.astimezone(UTC)
        return Window(kind or self.kind, opens, closes)


NIGHT: Final = timedelta(hours=2)
"""How long before midnight the next day's windows are pushed."""


class Form(StrEnum):
    """How a key's window is written, in the words of a rule."""

    WEEKLY = "weekly"
    DAY = "day"
    INSTANTS = "instants"


@dataclass(frozen=True, slots=True)
class RecurringKey:
    """What is asked of recurring keys, with minutes of grace on both sides.

    A weekly one is good on these weekdays; with none it is good on that of its start.
    """

    form: Form
    grace_minutes: int = 0
    weekdays: tuple[int, ...] = ()

    @property
    def written(self) -> str:
        """Return the form and the weekdays in one text, which `recurring_of` reads."""
        return with_days(self.form, self.weekdays)

    @property
    def grace(self) -> timedelta:
        """Return the grace on each side."""
        return timedelta(minutes=self.grace_minutes)

    @property
    def pushed(self) -> bool:
        """Return whether the key is the customer's, and pushed night by night."""
        return self.form is not Form.WEEKLY


def recurring_of(written: str | None, grace_minutes: int) -> RecurringKey | None:
    """Return the key that was written so, None where none was."""
    if written is None:
        return None
    form, _, days = written.partition(" ")
    return RecurringKey(Form(form), grace_minutes, days_of(days))


WEEKDAYS: Final = (
    *("Monday", "Tuesday", "Wednesday", "Thursday"),
    *("Friday", "Saturday", "Sunday"),
)
WEEK: Final = len(WEEKDAYS)


def day_names(weekdays: Iterable[int]) -> str:
    """Return the weekdays by their short names, as `Mon+Wed+Fri`."""
    return "+".join(WEEKDAYS[day][:3] for day in weekdays)


def days_of(names: str) -> tuple[int, ...]:
    """Return the weekdays that `day_names` wrote."""
    short = [day[:3] for day in WEEKDAYS]
    return tuple(short.index(name) for name in names.split("+")) if names else ()


def with_days(word: str, weekdays: Iterable[int]) -> str:
    """Return the word followed by the weekdays, if there are any."""
    return f"{word} {day_names(weekdays)}".strip()


def season_error(
    first: datetime, last: datetime, weekdays: tuple[int, ...]
) -> str | None:
    """Return why no key opens on these weekdays from the first start to the last end.

    Both are in the zone of the lock. The text says what to send instead.
    """
    if first.time() >= last.time():
        return (
            "a standing booking opens and closes on one day: its end is the last day "
            "with the time of closing, which is later in the day than that of its "
            f"start, grace included; they are {first:%H:%M} and {last:%H:%M}"
        )
    days = min((last.date() - first.date()).days + 1, WEEK)
    met = {(first.weekday() + n) % WEEK for n in range(days)}
    if met.isdisjoint(weekdays):
        return (
            f"none of these days lies from {first:%Y-%m-%d} to {last:%Y-%m-%d}; "
            "correct the days, or the first and the last day"
        )
    return None


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
    """Return the days in local time that the window touches."""
    last = (window.end or window.start).astimezone(zone).date()
    days = (last - _first(window, zone)).days
    return {_first(window, zone) + timedelta(days=n) for n in range(days + 1)}
