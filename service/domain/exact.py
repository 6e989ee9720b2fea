"""Exact windows: the booking's own time, for vendors that cut to the second.

Invariants: pure. Nothing is rounded. A window always has an end, and one that is over
is refused; what else a vendor makes of its windows stands in that vendor's folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from service.domain.errors import NoWindow
from service.domain.windows import MINUTE, NO_MARGIN, Margin, Window

if TYPE_CHECKING:
    from datetime import timedelta, tzinfo


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
        """Return 1, since we choose the PIN and it is what tells codes apart."""
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
            shown = closes.astimezone(zone).isoformat(sep=" ", timespec="minutes")
            raise NoWindow(f"it was over at {shown}: nothing is left to {self.use}")
        opens, closes = opens.astimezone(UTC), closes.astimezone(UTC)
        return Window(kind or self.kind, opens, closes)
