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

from loadtests.evidence import IN_QUEUE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from loadtests.bookings import BookingScript
    from loadtests.evidence import CodeListing, Mailboxes
    from loadtests.plan import Resource
    from strikeplate.booking import Booking
    from strikeplate.dialect import Dialect

HAZARDS: Mapping[str, str] = {
    "not accepted": "an event that the subject never took, however often it was told",
    "lost": "a booking without a code that opens its door",
    "doubled": "a booking with more than one code that opens its door",
    "wrong window": "a code that fails within its booking, or opens far outside",
    "stale": "a code that opens for a time its booking no longer has",
    "message missing": "a customer whose last message does not bring the code",
    "message doubled": "a customer who got the same message twice",
}
"""What must not be; each is counted in bookings."""

NOT_REVOCABLE = "not revocable"
"""Codes left standing that their vendor cannot take back; told, and no hazard."""

SECOND = timedelta(seconds=1)
SLACK = timedelta(hours=1)
"""How far a vendor may round a window outwards (IGL-02)."""


@dataclass(frozen=True)
class Finding:
    """One hazard met: at which booking, for how many seconds if that is known."""

    hazard: str
    script: int
    booking: str
    vendor: str
    detail: str
    seconds: float | None = None


class DoorProbe(Protocol):
    """What answers for the doors."""

    def opens(
        self, resource: Resource, code: str, at: datetime, beside: Mapping[str, str], /
    ) -> bool:
        """Say whether a code would open a door at an instant."""


@dataclass(frozen=True)
class Audit:
    """What is known when all is over; `unaccepted` are ids of events."""

    dialects: Mapping[str, Dialect]
    listing: CodeListing
    mailboxes: Mailboxes
    doors: DoorProbe
    started_at: datetime
    now: datetime
    unaccepted: Collection[str] = ()

    def findings(self, scripts: Iterable[BookingScript]) -> list[Finding]:
        """Return every hazard met, booking by booking."""
        return [finding for script in scripts for finding in self._audit(script)]

    def pending(self, scripts: Iterable[BookingScript]) -> int:
        """Return how many bookings have not come to rest, without asking any door."""
        return sum(not self._is_settled(script) for script in scripts)

    def _audit(self, script: BookingScript) -> Iterator[Finding]:
        unaccepted = [e.kind for e in script.history if e.id in self.unaccepted]
        if unaccepted:
            yield self._found("not accepted", script, ", ".join(unaccepted))
            return
        *left, final = script.placements
        if script.entitled:
            yield from self._check_door(script, *final)
            yield from self._check_mails(script)
        else:
            left.append(final)
        for place in left:
            yield from self._check_stale(script, *place)

    def _check_door(
        self, script: BookingScript, resource: Resource, booking: Booking
    ) -> Iterator[Finding]:
        codes = self._opening(script, resource, booking)
        if not codes:
            told = self.mailboxes.codes(booking.customer, self._dialect(resource))
            detail = "a code was told, and does not open" if told else "no code"
            yield self._found("lost", script, detail)
            return
        if len(codes) > 1:
            yield self._found("doubled", script, f"{len(codes)} codes open")
        for code, beside in codes.items():
            wrong = self._wrong_at(resource, code, booking, beside)
            if wrong:
                yield self._found("wrong window", script, wrong)
        mails = self.mailboxes.to(booking.customer)
        last = mails[-1].mail.text if mails else ""
        if not any(code in last for code in codes):
            detail = "the last one has another code" if mails else "none came"
            yield self._found("message missing", script, detail)

    def _check_mails(self, script: BookingScript) -> Iterator[Finding]:
        """Yield a finding where two messages say the very same."""
        mails = self.mailboxes.to(script.final.customer)
        same = Counter(
            (received.mail.subject, received.mail.text) for received in mails
        )
        again = sum(times - 1 for times in same.values())
        if again:
            yield self._found("message doubled", script, f"{again} too many")

    def _check_stale(
        self, script: BookingScript, resource: Resource, booking: Booking
    ) -> Iterator[Finding]:
        if not self._opening(script, resource, booking):
            return
        hazard = NOT_REVOCABLE if self._dialect(resource).final else "stale"
        due = script.ended_at(booking)
        seconds = (self.now - self.started_at).total_seconds() - due
        why = "moved away" if script.entitled else "cancelled or not paid"
        yield self._found(hazard, script, why, round(seconds, 1))

    def _opening(
        self, script: BookingScript, resource: Resource, booking: Booking
    ) -> dict[str, Mapping[str, str]]:
        """Return the codes that open in the midst of a booking's time."""
        dialect = self._dialect(resource)
        told = self.mailboxes.codes(script.final.customer, dialect)
        known = {each.code: each.beside for each in told}
        listed = {entry.code for entry in self.listing.of(resource, booking)}
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

    def _is_settled(self, script: BookingScript) -> bool:
        if any(event.id in self.unaccepted for event in script.history):
            return True
        *left, final = script.placements
        if not script.entitled:
            left.append(final)
        elif not self._is_delivered(*final):
            return False
        return not any(self._is_listed(*place) for place in left)

    def _is_delivered(self, resource: Resource, booking: Booking) -> bool:
        """Whether the last letter brings a code that is listed, and none is coming."""
        listing = self.listing.of(resource, booking)
        mails = self.mailboxes.to(booking.customer)
        if not mails or any(entry.truth == IN_QUEUE for entry in listing):
            return False
        last = mails[-1].mail.text
        return any(entry.code in last for entry in listing)

    def _is_listed(self, resource: Resource, booking: Booking) -> bool:
        """Whether there is a code that can still be taken back."""
        final = self._dialect(resource).final
        return not final and bool(self.listing.of(resource, booking))

    def _dialect(self, resource: Resource) -> Dialect:
        return self.dialects[resource.vendor]

    def _found(
        self,
        hazard: str,
        script: BookingScript,
        detail: str,
        seconds: float | None = None,
    ) -> Finding:
        vendor, booking = script.resource.vendor, script.final.id
        return Finding(hazard, script.number, booking, vendor, detail, seconds)
