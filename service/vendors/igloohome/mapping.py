"""What igloohome's codes can cover, which window fits, and which devices take codes.

Invariants: pure; time, zone and margin come in as arguments. A booking's window covers
all of it with its margin, begins and ends on a whole hour of the lock's own clock, is
never wider than that rounding asks for, and never begins before the current hour. A
window made by hand (IGL-09) is not rounded: a person can be asked again, so what does
not fit is refused with the fix. A device that certainly takes no algoPIN is refused;
one of which that is only hearsay gets a warning (IGL-11): the vendor's list tells types
and ids that begin with the model, and neither keypads nor algoPIN.

Hours: they are those of the lock's own clock, which keeps its zone's standard time all
year (inferred: nothing is published). So in Kolkata 10:00+05:30 is a whole hour and
10:00Z is not, and on Lord Howe, whose summer time is half an hour, the summer's whole
hours are at half past in local time. Both ends are written with one offset; then the
hours between them are those that pass, also across a change of the clocks, and a daily
code has the same hour at both ends.

    kind       lasts                         first use
    onetime    24 hours, dies at first use   -
    hourly     1 to 672 hours                within 24 hours, if it lasts longer
    daily      29 to 367 whole days          within 24 hours
    permanent  without end                   within 24 hours
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from service.domain.errors import NoWindow
from service.domain.schedule import DAY, HOUR, NO_MARGIN, Margin, Window, shown
from service.ports import VendorLock
from service.vendor_kit import Body, text_in

LONGEST_HOURLY: Final = 672 * HOUR
SHORTEST_DAILY: Final = 29 * DAY
LONGEST_DAILY: Final = 367 * DAY
FIRST_USE_WITHIN: Final = 24 * HOUR
NOTHING: Final = timedelta()


def plan(
    start: datetime,
    end: datetime,
    *,
    now: datetime,
    zone: tzinfo,
    margin: Margin = NO_MARGIN,
) -> Window:
    """Return the smallest window that covers the booking (IGL-02, IGL-06, IGL-07).

    A booking between the kinds, over 28 days and under 29, gets a daily window of
    29 days. Raise `NoWindow` for one that is over, or longer than any kind.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    opens, closes = start - margin.before, end + margin.after
    if closes <= now:
        raise NoWindow(
            f"the booking was over at {shown(closes, zone)}, margin included, and it "
            f"is {shown(now, zone)} now: there is nothing left to open the door for"
        )
    begin = max(opens, now)
    hours = grid(begin, zone)
    window = _smallest(hour_down(begin, hours), _hour_up(closes, hours))
    if window.first_use_by is not None and window.first_use_by <= start:
        raise NoWindow(
            f"a margin of {margin.before // HOUR} hours before the booking kills the "
            "code: an algoPIN that lasts over 24 hours is dead unless used within 24 "
            "hours of its start; set margin_before_hours to 23 or less"
        )
    return window


def written(window: Window, zone: tzinfo) -> tuple[str, str | None]:
    """Return start and end as igloohome wants them: minutes 00, one numeric offset.

    The offset is the lock's at the start, or its standard one where only that makes
    the minutes 00.
    """
    local = window.start.astimezone(zone)
    offset = timezone(local.utcoffset() or NOTHING)
    if local.minute:
        offset = grid(window.start, zone)
    start = window.start.astimezone(offset).isoformat(timespec="seconds")
    if window.end is None:
        return start, None
    return start, window.end.astimezone(offset).isoformat(timespec="seconds")


def lasting(kind: str, start: datetime, lasts: timedelta) -> Window:
    """Return the window; only one over 24 hours has a first use to miss (IGL-05)."""
    first_use_by = start + FIRST_USE_WITHIN if lasts > FIRST_USE_WITHIN else None
    return Window(kind, start, start + lasts, first_use_by)


def grid(instant: datetime, zone: tzinfo) -> timezone:
    """Return the zone's standard time, on which the lock counts whole hours."""
    local = instant.astimezone(zone)
    return timezone((local.utcoffset() or NOTHING) - (local.dst() or NOTHING))


def hour_down(instant: datetime, hours: timezone) -> datetime:
    """Return the whole hour, in UTC, that this instant lies in."""
    local = instant.astimezone(hours)
    return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def _smallest(first: datetime, last: datetime) -> Window:
    """Return the smallest window from one whole hour that reaches the other."""
    if last - first <= LONGEST_HOURLY:
        return lasting("hourly", first, last - first)
    days = max(SHORTEST_DAILY, -(-(last - first) // DAY) * DAY)
    if days > LONGEST_DAILY:
        raise NoWindow(
            f"the booking needs a code for {days.days} days, margin included, and the "
            f"longest that igloohome makes is {LONGEST_DAILY.days}; split the booking, "
            "or make a permanent code by hand"
        )
    return lasting("daily", first, days)


def _hour_up(instant: datetime, hours: timezone) -> datetime:
    down = hour_down(instant, hours)
    return down if down == instant else down + HOUR


ONETIME_LASTS: Final = 24 * HOUR
KINDS: Final = ("onetime", "hourly", "daily", "permanent")
WITHOUT_END: Final = ("onetime", "permanent")
VARIANTS: Final = {"onetime": 5, "hourly": 3, "daily": 3, "permanent": 1}
"""One is seen for permanent codes; whether there are more is not known."""


def plan_by_hand(
    kind: str, start: datetime, end: datetime | None, *, now: datetime, zone: tzinfo
) -> Window:
    """Return exactly the window asked for, or raise `NoWindow` with the fix.

    One-time codes (24 hours, dead at first use) and permanent ones take no end.
    """
    if kind not in KINDS:
        raise NoWindow(f"kind is {kind!r}; igloohome makes {', '.join(KINDS)}")
    start = start.astimezone(UTC)
    _check_whole_hour("start", start, zone)
    _check_not_past(start, now, zone)
    if kind in WITHOUT_END:
        return _without_end(kind, start, end)
    if end is None:
        raise NoWindow(
            f"{_a(kind)} code needs an end; only {' and '.join(WITHOUT_END)} "
            "codes go without"
        )
    end = end.astimezone(UTC)
    _check_whole_hour("end", end, zone)
    if end <= start:
        raise NoWindow(
            f"end is {shown(end, zone)}; take one after start, {shown(start, zone)}"
        )
    return lasting(kind, start, DURATIONS[kind](start, end, zone))


def _without_end(kind: str, start: datetime, end: datetime | None) -> Window:
    if end is not None:
        raise NoWindow(f"{_a(kind)} code takes no end; leave it out")
    if kind == "onetime":
        return lasting(kind, start, ONETIME_LASTS)
    return Window(kind, start, None, start + FIRST_USE_WITHIN)


def _hourly(start: datetime, end: datetime, zone: tzinfo) -> timedelta:
    """Return how long the code lasts; `zone` plays no part in hours that pass."""
    del zone
    lasts = end - start
    if lasts > LONGEST_HOURLY:
        raise NoWindow(
            f"an hourly code lasts 1 to 672 hours, and {lasts // HOUR} were asked for; "
            "make a daily code, of 29 to 367 days"
        )
    return lasts


def _daily(start: datetime, end: datetime, zone: tzinfo) -> timedelta:
    """Return how long the code lasts: whole days by the clock on the wall.

    The vendor counts days of 24 hours. Where clocks change between the ends, the
    code reaches the hour asked for or the next whole day after it.
    """
    opens, closes = start.astimezone(zone), end.astimezone(zone)
    if opens.time() != closes.time():
        raise NoWindow(
            "a daily code lasts whole days, so its end has the same hour as its "
            f"start: {opens:%H:%M}, and not {closes:%H:%M}"
        )
    days = (closes.date() - opens.date()).days
    lasts = max(-(-(end - start) // DAY) * DAY, SHORTEST_DAILY)
    if days * DAY < SHORTEST_DAILY or lasts > LONGEST_DAILY:
        raise NoWindow(
            f"a daily code lasts 29 to 367 days, and {days} were asked for; up to 28 "
            "days make an hourly code, beyond 367 a permanent one"
        )
    return lasts


DURATIONS: Final = {"hourly": _hourly, "daily": _daily}


def _check_whole_hour(name: str, instant: datetime, zone: tzinfo) -> None:
    down = hour_down(instant, grid(instant, zone))
    if down != instant:
        raise NoWindow(
            f"{name} is {instant.astimezone(zone).isoformat(sep=' ')}, which is no "
            "whole hour on the lock's clock; "
            f"take {shown(down, zone)} or {shown(down + HOUR, zone)}"
        )


def _check_not_past(start: datetime, now: datetime, zone: tzinfo) -> None:
    current = hour_down(now, grid(now, zone))
    if start < current:
        raise NoWindow(
            f"start is {shown(start, zone)}, which is before the current hour; "
            f"take {shown(current, zone)} or later"
        )


def _a(kind: str) -> str:
    return f"an {kind}" if kind == "hourly" else f"a {kind}"


class AlgoPins:
    """The windows that algoPINs can have."""

    margin_step = HOUR
    manual_kinds = KINDS
    plan = staticmethod(plan)
    plan_by_hand = staticmethod(plan_by_hand)

    def variants(self, kind: str) -> int:
        """Return how many PINs a lock has for one window of this kind (IGL-12)."""
        return VARIANTS[kind]


WITH_KEYPAD: Final = ("Lock", "Keypad", "Padlock", "Keybox")
RETROFIT: Final = "OE1"
BRIDGE: Final = "a bridge passes orders on to locks and has no keypad; choose a lock"


def vendor_locks(devices: Iterable[Body]) -> list[VendorLock]:
    """Return every device that has an id, with what it can be used for."""
    listed = [device for device in devices if text_in(device, "deviceId")]
    keypads = [device for device in listed if text_in(device, "type") == "Keypad"]
    return [_lock(device, keypads) for device in listed]


def _lock(device: Body, keypads: Iterable[Body]) -> VendorLock:
    device_id, kind = text_in(device, "deviceId"), text_in(device, "type")
    reason = BRIDGE if kind == "Bridge" else None
    if kind == "Lock" and device_id.startswith(RETROFIT):
        reason = _retrofit(device, keypads)
    battery = device.get("batteryLevel")
    return VendorLock(
        vendor_id=device_id,
        name=text_in(device, "deviceName") or device_id,
        kind=kind.lower() or "unknown",
        usable=reason is None,
        unusable_reason=reason,
        warning=None if reason or kind in WITH_KEYPAD else _unknown(kind),
        battery=battery if type(battery) is int else None,
    )


def _retrofit(lock: Body, keypads: Iterable[Body]) -> str:
    """Return why a retrofit lock takes no algoPIN, naming its keypad where known."""
    mine = [keypad for keypad in keypads if _linked(lock, keypad)]
    which = f"its keypad {text_in(mine[0], 'deviceId')}" if mine else "its EK1 keypad"
    return f"the retrofit lock {RETROFIT} takes no algoPIN itself; choose {which}"


def _linked(lock: Body, keypad: Body) -> bool:
    lock_id, keypad_id = text_in(lock, "deviceId"), text_in(keypad, "deviceId")
    return lock_id in _links(keypad) or keypad_id in _links(lock)


def _links(device: Body) -> list[str]:
    links = device.get("linkedDevices")
    known = links if isinstance(links, list) else []
    return [text_in(link, "deviceId") for link in known]


def _unknown(kind: str) -> str:
    return (
        f"devices of type {kind!r} are not known to take algoPINs; make a one-time "
        "code by hand and try it at the door"
    )
