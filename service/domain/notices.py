"""Notices: what whoever looks after the keys is told of late and returned ones.

Invariants: pure. A notice names key, slot and booking (LIV-05), and neither a code nor
anything about the customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.domain.messages import RenderedText

if TYPE_CHECKING:
    from datetime import datetime, tzinfo


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """One key and the booking that has it, or had it; None is a code made by hand.

    `due_at` is when its time was over, `since` when the key came to where it is, None
    where nobody saw.
    """

    key: str
    slot: int | None
    booking: str | None
    resource: str
    due_at: datetime
    since: datetime | None
    zone: tzinfo

    @property
    def place(self) -> str:
        """Return the key and its slot in words."""
        return self.key if self.slot is None else f"{self.key} (slot {self.slot})"

    @property
    def whose(self) -> str:
        """Return in words what it was given out for."""
        if self.booking is None:
            return "There is no booking: its code was made by hand."
        return f"Booking {self.booking}, {self.resource}"

    def shown(self, instant: datetime) -> str:
        """Return the instant as it is on the wall beside the cabinet."""
        return f"{instant.astimezone(self.zone):%Y-%m-%d at %H:%M}"


def overdue(facts: KeyFacts) -> RenderedText:
    """Return the notice that a key was not given back (LIV-05)."""
    taken = f"It was taken on {facts.shown(facts.since)}.\n" if facts.since else ""
    return RenderedText(
        f"Key not returned: {facts.key}",
        f"The key {facts.place} was due back on {facts.shown(facts.due_at)} and is "
        f"still out.\n{taken}\n{facts.whose}\n",
    )


def returned(facts: KeyFacts) -> RenderedText:
    """Return the notice that it was: checkout confirmed (LIV-06)."""
    when = f" since {facts.shown(facts.since)}" if facts.since else ""
    return RenderedText(
        f"Key returned: {facts.key}",
        f"The key {facts.place} is back in its slot{when}.\nCheckout of booking "
        f"{facts.booking} is confirmed; {facts.resource} is free for cleaning.\n",
    )
