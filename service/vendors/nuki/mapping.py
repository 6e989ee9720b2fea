"""Nuki's locks, keypad codes and schedules, in the service's words and back.

Invariants: pure.

- A code lives in the lock and is typed at its keypad, so a lock can be used only if
  Nuki's server reaches it and it has a keypad (NUK-01).
- A keypad takes six digits from 1 to 9, since it has no 0; none begins with 12.
- A row with an `operationId` is on its way; one without the lock's own number
  (`authId`) is not known to be on the lock, whatever else it says.
- A window is exactly the booking with its margin; nothing is rounded. It is written
  with both dates and all weekdays named, since a lock has one mark for all limits and a
  code without the first date opens at any time (NUK-07).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, tzinfo
from importlib import resources
from typing import Any, Final

from service.domain.access import PinForm
from service.domain.errors import NoWindow
from service.domain.messages import one_line
from service.domain.schedule import (
    DAY,
    Exact,
    Form,
    RecurringKey,
    Window,
    days_of,
    season_error,
    with_days,
)
from service.ports import VendorLock
from service.vendor_kit import Body, instant, object_in

KINDS: Final = {0: "smart lock", 2: "opener", 3: "smart door", 4: "smart lock"}
ONLINE: Final = 0
OFFLINE: Final = 4
STATES: Final = {
    1: "it is not registered with Nuki's server",
    OFFLINE: "Nuki's server does not reach it: it is offline, or on Bluetooth only",
}
CONNECT: Final = "connect it by Wi-Fi or a bridge and refresh the locks"
NO_KEYPAD: Final = "no keypad is paired with it; pair one and refresh the locks"


def vendor_lock(body: Body) -> VendorLock:
    """Return the lock, with what it can be used for."""
    reason = _unusable(body)
    state, kind = object_in(body, "state"), body.get("type")
    battery = state.get("batteryCharge")
    return VendorLock(
        vendor_id=str(body.get("smartlockId", "")),
        name=str(body.get("name") or body.get("smartlockId", "")),
        kind=KINDS.get(kind, "lock") if isinstance(kind, int) else "lock",
        usable=reason is None,
        unusable_reason=reason,
        battery=battery if type(battery) is int else None,
        timezone=_zone(object_in(body, "config").get("timezoneId")),
    )


def is_online(body: Body) -> bool:
    """Return whether Nuki's server reaches the lock."""
    return body.get("serverState") == ONLINE


def _unusable(body: Body) -> str | None:
    if not is_online(body):
        state = body.get("serverState")
        known = STATES.get(state) if isinstance(state, int) else None
        return f"{known or 'Nuki does not let it be reached'}; {CONNECT}"
    config = object_in(body, "config")
    if not (config.get("keypadPaired") or config.get("keypad2Paired")):
        return NO_KEYPAD
    return None


def _zone(number: object) -> str | None:
    known = isinstance(number, int) and 0 <= number < len(ZONES)
    return ZONES[number] if known and isinstance(number, int) else None


FORM: Final = PinForm(length=6, digits="123456789", not_starting=("12",))
LONGEST_NAME: Final = 20
CAPACITY: Final = 100


def label(text: str) -> str:
    """Return the text as the lock stores it: one line of at most 20 bytes."""
    short = one_line(text).encode()[:LONGEST_NAME]
    return short.decode(errors="ignore").strip() or "access"


KEYPAD_CODE: Final = 13
EVERY_DAY: Final = 127
DATE: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Limits:
    """When a code is allowed: dates in UTC, days and minutes in local time."""

    start: datetime
    end: datetime
    weekdays: int = EVERY_DAY
    from_minute: int = 0
    until_minute: int = 0

    def written(self) -> dict[str, Any]:
        """Return all five fields: one left out is cleared, or not applied (NUK-07)."""
        return {
            "allowedFromDate": self.start.astimezone(UTC).strftime(DATE),
            "allowedUntilDate": self.end.astimezone(UTC).strftime(DATE),
            "allowedWeekDays": self.weekdays,
            "allowedFromTime": self.from_minute,
            "allowedUntilTime": self.until_minute,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list; `number` is the lock's own, None while it has none.

    `updated_at` is when the server last changed it, None where that is not given.
    """

    ref: str
    code: str = field(repr=False)
    name: str
    enabled: bool
    limits: dict[str, Any]
    number: int | None
    under_way: bool
    error: str
    updated_at: datetime | None

    def allows(self, limits: Limits) -> bool:
        """Return whether the row says exactly these limits."""
        return self.enabled and self.limits == limits.written()


def row_of(body: Body) -> Row | None:
    """Return the row, None for what is no keypad code."""
    if body.get("type") != KEYPAD_CODE or not isinstance(body.get("id"), str):
        return None
    number = body.get("authId")
    return Row(
        ref=str(body["id"]),
        code=_code(body.get("code")),
        name=str(body.get("name", "")),
        enabled=body.get("enabled") is not False,
        limits=_limits(body),
        number=number if isinstance(number, int) else None,
        under_way=bool(body.get("operationId")),
        error=str(body.get("error") or ""),
        updated_at=instant(body.get("updateDate")),
    )


def _limits(body: Body) -> dict[str, Any]:
    """Return the five fields in one writing, whatever was left out in the list."""
    return {
        "allowedFromDate": _date(body.get("allowedFromDate")),
        "allowedUntilDate": _date(body.get("allowedUntilDate")),
        "allowedWeekDays": body.get("allowedWeekDays") or EVERY_DAY,
        "allowedFromTime": body.get("allowedFromTime") or 0,
        "allowedUntilTime": body.get("allowedUntilTime") or 0,
    }


def _date(text: object) -> str | None:
    at = instant(text)
    return at.strftime(DATE) if at else None


def _code(value: object) -> str:
    """Return the digits: a number by the document, a list of one as some have seen."""
    one = value[0] if isinstance(value, list) and value else value
    return str(one) if isinstance(one, int | str) else ""


TIMED: Final = "timed"
DAILY: Final = "day"
WEEKLY: Final = "weekly"
MONDAY: Final = 64
TIMES: Final = Exact(TIMED, "Nuki has codes", "a code for a keypad")
"""A code always has an end (NUK-07)."""


def plan_recurring(
    key: RecurringKey, start: datetime, end: datetime, *, now: datetime, zone: tzinfo
) -> Window:
    """Return a recurring key's window.

    A day's window is written by instants where the minutes of one day cannot say it:
    over midnight, or on a day with an hour twice. A weekly one is refused then.
    """
    first, last = start.astimezone(zone), end.astimezone(zone)
    if key.pushed:
        plain = first.date() == last.date() and _is_plain(first.date(), zone)
        kind = DAILY if key.form is Form.DAY and plain else TIMED
        return TIMES.window(start, end, now=now, zone=zone, kind=kind)
    if not key.weekdays and first.weekday() != last.weekday():
        raise NoWindow(
            "a weekly key opens and closes on one day of each week, and this one is "
            f"from a {first:%A} to a {last:%A}: send the booking's weekdays, or end it "
            "on the weekday of its start"
        )
    if flaw := season_error(first, last, key.weekdays or (first.weekday(),)):
        raise NoWindow(flaw)
    kind = with_days(WEEKLY, key.weekdays)
    return TIMES.window(start, end, now=now, zone=zone, kind=kind)


class Recurring:
    """Keys of a season, or of a customer (NUK-09, NUK-10)."""

    forms = tuple(Form)
    plan = staticmethod(plan_recurring)


def limits(window: Window, zone: tzinfo) -> Limits:
    """Return the window as it is written to the lock; its kind names its weekdays."""
    kind, _, days = window.kind.partition(" ")
    return _on_days(window, zone, days) if days else WRITERS[kind](window, zone)


def _is_plain(day: date, zone: tzinfo) -> bool:
    """Return whether the clocks are not changed that day."""
    midnights = (datetime.combine(day + n * DAY, time(), zone) for n in range(2))
    return len({each.utcoffset() for each in midnights}) == 1


def _instants(window: Window, zone: tzinfo) -> Limits:
    del zone
    return Limits(window.start, window.end or window.start)


def _days_and_minutes(window: Window, zone: tzinfo) -> Limits:
    """Return whole days in UTC around the window, and its minutes in local time.

    The weekday is that of the start: for a season, the day of each week (NUK-09).
    """
    start, end = window.start, window.end or window.start
    return Limits(
        start=start.astimezone(UTC).replace(hour=0, minute=0, second=0),
        end=end.astimezone(UTC).replace(hour=23, minute=59, second=0),
        weekdays=MONDAY >> start.astimezone(zone).weekday(),
        from_minute=_minute(start, zone),
        until_minute=_minute(end, zone),
    )


def _on_days(window: Window, zone: tzinfo, days: str) -> Limits:
    """Return some weekdays and minutes in local time, between the exact instants."""
    minutes = _days_and_minutes(window, zone)
    mask = sum(MONDAY >> day for day in days_of(days))
    end = window.end or window.start
    return replace(minutes, start=window.start, end=end, weekdays=mask)


def _minute(instant: datetime, zone: tzinfo) -> int:
    local = instant.astimezone(zone)
    return local.hour * 60 + local.minute


WRITERS: Final[dict[str, Callable[[Window, tzinfo], Limits]]] = {
    TIMED: _instants,
    DAILY: _days_and_minutes,
    WEEKLY: _days_and_minutes,
}


ZONES: Final = (
    resources.files(__package__).joinpath("zones.txt").read_text("utf-8").split()
)
"""The time zones by Nuki's own numbers, from 0 on."""
