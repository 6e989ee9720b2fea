"""Windows that a person asks for, without a booking (IGL-09).

Invariants: pure, and nothing is rounded. What a booking asks for is widened to fit; a
person can be asked again, so what does not fit is refused with the fix.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from service.domain.errors import NoWindow
from service.domain.schedule import DAY, HOUR, NO_MARGIN, Margin, Window
from service.ports import Planner
from service.vendors.igloohome import windows
from service.vendors.igloohome.windows import (
    FIRST_USE_WITHIN,
    LONGEST_DAILY,
    LONGEST_HOURLY,
    SHORTEST_DAILY,
    grid,
    hour_down,
    lasting,
    shown,
)

ONETIME_LASTS: Final = 24 * HOUR
KINDS: Final = ("onetime", "hourly", "daily", "permanent")
WITHOUT_END: Final = ("onetime", "permanent")
VARIANTS: Final = {"onetime": 5, "hourly": 3, "daily": 3, "permanent": 1}
"""One is seen for permanent codes; whether there are more is not known."""


class AlgoPins(Planner):
    """The windows that algoPINs can have."""

    margin_step = HOUR
    manual_kinds = KINDS

    def variants(self, kind: str) -> int:
        """Return how many PINs a lock has for one window of this kind (IGL-12)."""
        return VARIANTS[kind]

    def plan(
        self,
        start: datetime,
        end: datetime,
        *,
        now: datetime,
        zone: tzinfo,
        margin: Margin = NO_MARGIN,
    ) -> Window:
        """Return the smallest window that covers the booking (IGL-02)."""
        return windows.plan(start, end, now=now, zone=zone, margin=margin)

    def plan_by_hand(
        self,
        kind: str,
        start: datetime,
        end: datetime | None,
        *,
        now: datetime,
        zone: tzinfo,
    ) -> Window:
        """Return exactly the window asked for (IGL-09)."""
        return plan_by_hand(kind, start, end, now=now, zone=zone)


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
