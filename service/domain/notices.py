"""Notices: what owners and key managers are told of keys, and of what needs them.

Invariants: a notice about a key names key, slot and booking (LIV-05). None names a code
or anything about the customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from service.domain.messages import RenderedText


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
        """Return the instant in the cabinet's local time."""
        return f"{instant.astimezone(self.zone):%Y-%m-%d at %H:%M}"


def overdue(facts: KeyFacts) -> RenderedText:
    """Return the notice that a key was not given back (LIV-05)."""
    taken = f"It was taken on {facts.shown(facts.since)}.\n" if facts.since else ""
    return RenderedText(
        f"Key not returned: {facts.key}",
        f"The key {facts.place} was due back on {facts.shown(facts.due_at)} and is "
        f"still out.\n{taken}\n{facts.whose}\n{_why_then(facts)}",
    )


def _why_then(facts: KeyFacts) -> str:
    """Return why no default of the lock system says when the key is due (LIV-01)."""
    if facts.booking is None:
        return ""
    return (
        "\nThe time is the booking's own end: it overwrites any default checkout time "
        "that is set at the lock system.\n"
    )


def returned(facts: KeyFacts) -> RenderedText:
    """Return the notice that it was: checkout confirmed (LIV-06)."""
    when = f" since {facts.shown(facts.since)}" if facts.since else ""
    return RenderedText(
        f"Key returned: {facts.key}",
        f"The key {facts.place} is back in its slot{when}.\nCheckout of booking "
        f"{facts.booking} is confirmed; {facts.resource} is free for cleaning.\n",
    )


def account_refused(vendor: str, connection: str) -> RenderedText:
    """Return the notice that the vendor does not take the credentials any more."""
    return RenderedText(
        f"{vendor} refuses the credentials of {connection}",
        f"{vendor} does not take the credentials of the connection {connection} any "
        "more.\nUntil it is given new ones, codes are neither made nor changed nor "
        "taken back.\n",
    )


def lock_trouble(lock: str, troubles: Sequence[str]) -> RenderedText:
    """Return the notice about a lock that has, or had, these troubles."""
    rows = "\n".join(f"- {each}" for each in troubles)
    return RenderedText(
        f"The lock {lock} needs you",
        f"Of the lock {lock} is known now:\n{rows or '- all is well again'}\n",
    )


@dataclass(frozen=True, slots=True)
class TroubleFacts:
    """A door that a booking has no code for, or one that ends too early.

    `works_until` is the end of the code that there is, None where there is none.
    """

    door: str
    booking: str
    resource: str
    start: datetime
    end: datetime | None
    works_until: datetime | None
    reason: str | None
    zone: tzinfo


def trouble(facts: TroubleFacts) -> RenderedText:
    """Return the notice that a booking has not the code it should have."""

    def shown(at: datetime) -> str:
        return f"{at.astimezone(facts.zone):%Y-%m-%d %H:%M}"

    until = f" to {shown(facts.end)}" if facts.end else ""
    have = "There is no code."
    if facts.works_until:
        have = f"Its code works until {shown(facts.works_until)} only."
    return RenderedText(
        f"No code for {facts.door}: booking {facts.booking}",
        f"Booking {facts.booking}, {facts.resource}, from {shown(facts.start)}{until}."
        f"\n{have}\nWhy: {facts.reason or 'it is not known'}\n\nIt is asked for again "
        "whenever what stands in its way may have gone.\n",
    )
