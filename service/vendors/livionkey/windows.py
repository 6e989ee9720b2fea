"""Windows of contracts: exactly the booking, to the second.

Law: pure. Both ends are always said, so a checkout time that the organisation has
set for all its keys plays no part (LIV-01). A contract cannot begin in the past; one
that begins late begins now, and its window says what was booked.
"""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import tzinfo
from typing import Final

from service.domain.errors import NoWindow
from service.domain.windows import Margin
from service.domain.windows import Window

KIND: Final = "contract"


def plan(
    start: datetime, end: datetime, *, now: datetime, zone: tzinfo, margin: Margin
) -> Window:
    """Return the booking's own time with its margin; `NoWindow` once it is over."""
    return _checked(start - margin.before, end + margin.after, now, zone)


def plan_by_hand(
    kind: str, start: datetime, end: datetime | None, *, now: datetime, zone: tzinfo
) -> Window:
    """Return the window asked for; a contract made here always has an end."""
    if kind != KIND:
        raise NoWindow(f"kind is {kind!r}; LivionKey has codes of kind {KIND!r}")
    if end is None or end <= start:
        raise NoWindow("a contract has an end after its start; give one")
    return _checked(start, end, now, zone)


def _checked(opens: datetime, closes: datetime, now: datetime, zone: tzinfo) -> Window:
    if closes <= now:
        shown = closes.astimezone(zone).isoformat(sep=" ", timespec="minutes")
        raise NoWindow(f"it was over at {shown}: nothing is left to hand a key over")
    return Window(KIND, opens.astimezone(UTC), closes.astimezone(UTC))
