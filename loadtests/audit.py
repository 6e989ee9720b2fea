"""The audit: every booking that was intended, held against the doors.

Law: pure but for the doors that it asks. What a customer has a right to follows from
the play; whether the subject says that all is well counts for nothing. A code that its
vendor cannot take back is told apart from one that was left standing (IGL-08).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from loadtests.evidence import ON_ITS_WAY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from loadtests.bookings import Intent
    from loadtests.evidence import Post, Rows
    from loadtests.stage import Resource
    from strikeplate.booking import Booking
    from strikeplate.dialect import Dialect

HAZARDS: Mapping[str, str] = {
    "untaken": "an event that the subject never took, however often it was told",
    "lost": "a booking without a code that opens its door",
    "doubled": "a booking with more than one code that opens its door",
    "wrong window": "a code that fails within its booking, or opens far outside",
    "stale": "a code that opens for a time its booking no longer has",
    "message missing": "a customer whose last message does not bring the code",
    "message doubled": "a customer who got the same message twice",
}
"""What must not be; each is counted in bookings."""

FINAL = "beyond recall"
"""Codes left standing that their vendor cannot take back; told, and no hazard."""

SECOND = timedelta(seconds=1)
SLACK = timedelta(hours=1)
"""How far a vendor may round a window outwards (IGL-02)."""


@dataclass(frozen=True)
class Finding:
    """One hazard met: at which booking, for how many seconds if that is known."""

    hazard: str
    intent: int
    booking: str
    vendor: str
    detail: str
    seconds: float | None = None


class Asked(Protocol):
    """What answers for the doors."""

    def opens(
        self, resource: Resource, code: str, at: datetime, beside: Mapping[str, str], /
    ) -> bool:
        """Say whether a code would open a door at an instant."""


@dataclass(frozen=True)
class Audit:
    """What is known when all is over; `untaken` are ids of events."""

    dialects: Mapping[str, Dialect]
    rows: Rows
    post: Post
    doors: Asked
    begun: datetime
    now: datetime
    untaken: Collection[str] = ()

    def findings(self, intents: Iterable[Intent]) -> list[Finding]:
        """Return every hazard met, booking by booking."""
        return [finding for intent in intents for finding in self._look_at(intent)]

    def pending(self, intents: Iterable[Intent]) -> int:
        """Return how many bookings have not come to rest, without asking any door."""
        return sum(not self._rests(intent) for intent in intents)

    def _look_at(self, intent: Intent) -> Iterator[Finding]:
        untaken = [e.kind for e in intent.history if e.id in self.untaken]
        if untaken:
            yield self._found("untaken", intent, ", ".join(untaken))
            return
        *left, final = intent.places
        if intent.alive:
            yield from self._at_the_door(intent, *final)
            yield from self._in_the_letters(intent)
        else:
            left.append(final)
        for place in left:
            yield from self._left_standing(intent, *place)

    def _at_the_door(
        self, intent: Intent, resource: Resource, booking: Booking
    ) -> Iterator[Finding]:
        codes = self._opening(intent, resource, booking)
        if not codes:
            told = self.post.codes(booking.customer, self._dialect(resource))
            detail = "a code was told, and does not open" if told else "no code"
            yield self._found("lost", intent, detail)
            return
        if len(codes) > 1:
            yield self._found("doubled", intent, f"{len(codes)} codes open")
        for code, beside in codes.items():
            wrong = self._wrong_at(resource, code, booking, beside)
            if wrong:
                yield self._found("wrong window", intent, wrong)
        letters = self.post.to(booking.customer)
        last = letters[-1].mail.text if letters else ""
        if not any(code in last for code in codes):
            detail = "the last one has another code" if letters else "none came"
            yield self._found("message missing", intent, detail)

    def _in_the_letters(self, intent: Intent) -> Iterator[Finding]:
        """Yield a finding where two messages say the very same."""
        letters = self.post.to(intent.final.customer)
        same = Counter((letter.mail.subject, letter.mail.text) for letter in letters)
        again = sum(times - 1 for times in same.values())
        if again:
            yield self._found("message doubled", intent, f"{again} too many")

    def _left_standing(
        self, intent: Intent, resource: Resource, booking: Booking
    ) -> Iterator[Finding]:
        if not self._opening(intent, resource, booking):
            return
        hazard = FINAL if self._dialect(resource).final else "stale"
        due = intent.ended_at(booking)
        seconds = (self.now - self.begun).total_seconds() - due
        why = "moved away" if intent.alive else "cancelled or not paid"
        yield self._found(hazard, intent, why, round(seconds, 1))

    def _opening(
        self, intent: Intent, resource: Resource, booking: Booking
    ) -> dict[str, Mapping[str, str]]:
        """Return the codes that open in the midst of a booking's time."""
        dialect = self._dialect(resource)
        told = self.post.codes(intent.final.customer, dialect)
        known = {each.code: each.beside for each in told}
        listed = {row.code for row in self.rows.of(resource, booking)}
        codes = known | {code: {} for code in listed - known.keys()}
        midst = booking.start + (booking.end - booking.start) / 2
        opening = {}
        for code, beside in codes.items():
            # Without what goes beside it nobody can try a code; then the list counts
            untried = dialect.beside and code not in known
            if untried or self.doors.opens(resource, code, midst, beside):
                opening[code] = beside
        return opening

    def _wrong_at(
        self, resource: Resource, code: str, booking: Booking, beside: Mapping[str, str]
    ) -> str | None:
        if self._dialect(resource).beside and not beside:
            return None
        for at, opens, wrong in (
            (booking.start, True, "shut at the start"),
            (booking.end - SECOND, True, "shut before the end"),
            (booking.start - SLACK, False, "open an hour before"),
            (booking.end + SLACK, False, "open an hour after"),
        ):
            if self.doors.opens(resource, code, at, beside) != opens:
                return wrong
        return None

    def _rests(self, intent: Intent) -> bool:
        if any(event.id in self.untaken for event in intent.history):
            return True
        *left, final = intent.places
        if not intent.alive:
            left.append(final)
        elif not self._is_told(*final):
            return False
        return not any(self._is_listed(*place) for place in left)

    def _is_told(self, resource: Resource, booking: Booking) -> bool:
        """Whether the last letter brings a code that is listed, and none is coming."""
        rows = self.rows.of(resource, booking)
        letters = self.post.to(booking.customer)
        if not letters or any(row.truth == ON_ITS_WAY for row in rows):
            return False
        last = letters[-1].mail.text
        return any(row.code in last for row in rows)

    def _is_listed(self, resource: Resource, booking: Booking) -> bool:
        """Whether there is a code that can still be taken back."""
        final = self._dialect(resource).final
        return not final and bool(self.rows.of(resource, booking))

    def _dialect(self, resource: Resource) -> Dialect:
        return self.dialects[resource.vendor]

    def _found(
        self, hazard: str, intent: Intent, detail: str, seconds: float | None = None
    ) -> Finding:
        vendor, booking = intent.resource.vendor, intent.final.id
        return Finding(hazard, intent.number, booking, vendor, detail, seconds)
