"""The audit: checks every generated booking at the doors and in the received mails.

Invariants: the workload alone says what a customer is entitled to. The subject is not
asked; evidence is what the fakes list in their three truths, what a door answers to a
probe, and which mails arrived. A code that its vendor cannot revoke is counted apart
from one that was left active (IGL-08).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from strikeplate.fakes_client import instant, parse
from strikeplate.oracle import windows
from strikeplate.profiles.shape import Resource as Lock
from strikeplate.vocabulary import codes_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from loadtests.target import ReceivedMail
    from loadtests.workload import BookingScript, DoorRef, Resource
    from strikeplate.fakes_client import Fakes, Json
    from strikeplate.platforms.standard import Booking, Person
    from strikeplate.vocabulary import VendorVocabulary


IN_QUEUE = "queue"
AT_THE_DOOR = "door"


@dataclass(frozen=True)
class ListedCode:
    """One code in one of the three truths, as the fakes list it."""

    door_ref: DoorRef
    code: str
    truth: str
    valid_from: datetime | None
    valid_until: datetime | None
    since: datetime | None

    def concerns(self, booking: Booking) -> bool:
        """Whether its window overlaps the booking's time."""
        if self.valid_from is None:
            return False
        begins = self.valid_from < booking.end
        return begins and (self.valid_until is None or booking.start < self.valid_until)


class CodeListing:
    """All codes of some worlds at one moment, by door."""

    def __init__(self, listing: Iterable[ListedCode]) -> None:
        self._by_door: dict[DoorRef, list[ListedCode]] = defaultdict(list)
        for entry in listing:
            self._by_door[entry.door_ref].append(entry)

    def of(self, resource: Resource, booking: Booking) -> list[ListedCode]:
        """Return a door's codes whose windows overlap a booking."""
        return [
            entry
            for entry in self._by_door[resource.door_ref]
            if entry.concerns(booking)
        ]

    def keys(self) -> set[tuple[DoorRef, str]]:
        """Return every listed code with its door."""
        held = self._by_door.values()
        return {(entry.door_ref, entry.code) for listing in held for entry in listing}


def read_listing(fakes: Fakes, worlds: Iterable[str]) -> CodeListing:
    """Return the codes that the fakes list now."""
    return CodeListing(
        _entry(world, item)
        for world in worlds
        for item in fakes.call("GET", f"/worlds/{world}/codes")
    )


class ReceivedCode(NamedTuple):
    """A code in a received mail, what is entered with it, and when it arrived."""

    code: str
    beside: Mapping[str, str]
    at: datetime


class Mailboxes:
    """The received mails and SMS, by recipient."""

    def __init__(self, mails: Iterable[ReceivedMail]) -> None:
        self._held: dict[str, list[ReceivedMail]] = defaultdict(list)
        for received in mails:
            address = received.mail.to
            self._held[address].append(received)
            self._held[_number(address.partition("@")[0])].append(received)

    def to(self, person: Person) -> list[ReceivedMail]:
        """Return what a customer received, by mail or SMS, oldest first."""
        got = [*self._held[person.email], *self._held[_number(person.phone)]]
        return sorted(got, key=lambda received: received.at)

    def codes(self, person: Person, vocabulary: VendorVocabulary) -> list[ReceivedCode]:
        """Return the codes that a customer received, oldest first."""
        return [
            ReceivedCode(
                code, vocabulary.extras_in(code, received.mail.text), received.at
            )
            for received in self.to(person)
            for code in codes_in(received.mail, vocabulary.code)
        ]


class HttpProbe:
    """Asks the fakes' doors whether a code would open; leaves no trace."""

    def __init__(self, fakes: Fakes) -> None:
        self._fakes = fakes
        self.asked = 0

    def opens(
        self, resource: Resource, code: str, at: datetime, beside: Mapping[str, str]
    ) -> bool:
        """Say whether a code would open a door at an instant."""
        self.asked += 1
        path = f"/worlds/{resource.world}/doors/{resource.door}/probe"
        body = {"code": code, "at": instant(at), **beside}
        return bool(self._fakes.call("POST", path, body)["opens"])


def _number(phone: str) -> str:
    return phone.lstrip("+")


def _entry(world: str, item: Json) -> ListedCode:
    times = (item[name] for name in ("valid_from", "valid_until", "since"))
    at = (parse(text) if text else None for text in times)
    return ListedCode((world, item["door"]), item["code"], item["truth"], *at)


HAZARDS: Mapping[str, str] = {
    "not accepted": "an event that the subject never accepted, after all attempts",
    "lost": "a booking without a code that opens its door",
    "doubled": "a booking with more than one code that opens its door",
    "wrong window": "a code that fails within its booking, or opens outside its window",
    "stale": "a code that opens for a time its booking no longer has",
    "message missing": "a customer whose last message does not bring the code",
    "message doubled": "a customer who got the same message twice",
}
"""What must not happen, with its meaning; each is counted in bookings."""

NOT_REVOCABLE = "not revocable"
"""Codes that still open and that their vendor cannot revoke; not a hazard."""

SECOND = timedelta(seconds=1)
SLACK = timedelta(hours=1)
"""How far a vendor may round a window outwards (IGL-02)."""


Edge = tuple["datetime", bool, str]
"""An instant, whether a code must open then, and what is wrong if it does not."""


def edges(resource: Resource, booking: Booking, made: datetime) -> Iterable[Edge]:
    """Return the edges of a code's window, as the oracle works it out.

    A vendor whose windows it does not know may round by less than an hour.
    """
    first, last = booking.start - SLACK, booking.end + SLACK
    if resource.vendor in windows.VENDORS:
        lock = Lock(
            vendor=resource.vendor,
            zone=resource.zone,
            margin_before=resource.margin_before,
            margin_after=resource.margin_after,
        )
        found = windows.window(lock, booking.start, booking.end, made)
        if found is None:
            return
        first, last = found.earliest - SECOND, found.shuts
    yield booking.start, True, "shut at the start"
    yield booking.end - SECOND, True, "shut before the end"
    yield first, False, "open before its window"
    yield last, False, "open after its window"


@dataclass(frozen=True)
class Finding:
    """One hazard found: the booking, and for how many seconds if known."""

    hazard: str
    script: int
    booking: str
    vendor: str
    detail: str
    seconds: float | None = None


class DoorProbe(Protocol):
    """Answers whether a code opens a door."""

    def opens(
        self, resource: Resource, code: str, at: datetime, beside: Mapping[str, str], /
    ) -> bool:
        """Say whether a code would open a door at an instant."""


@dataclass(frozen=True)
class Audit:
    """The evidence after a run; `unaccepted` holds ids of events."""

    vocabularies: Mapping[str, VendorVocabulary]
    listing: CodeListing
    mailboxes: Mailboxes
    doors: DoorProbe
    started_at: datetime
    now: datetime
    unaccepted: Collection[str] = ()

    def findings(self, scripts: Iterable[BookingScript]) -> list[Finding]:
        """Return every hazard found, booking by booking."""
        return [finding for script in scripts for finding in self._audit(script)]

    def pending(self, scripts: Iterable[BookingScript]) -> int:
        """Return how many bookings have not settled; no door is probed."""
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
        codes_in = self._opening(script, resource, booking)
        if not codes_in:
            received = self.mailboxes.codes(
                booking.customer, self._vocabulary(resource)
            )
            detail = "the code that was sent does not open" if received else "no code"
            yield self._found("lost", script, detail)
            return
        if len(codes_in) > 1:
            yield self._found("doubled", script, f"{len(codes_in)} codes open")
        for code, beside in codes_in.items():
            wrong = self._wrong_at(resource, code, booking, beside)
            if wrong:
                yield self._found("wrong window", script, wrong)
        mails = self.mailboxes.to(booking.customer)
        last = mails[-1].mail.text if mails else ""
        if not any(code in last for code in codes_in):
            detail = "the last one has a different code" if mails else "none came"
            yield self._found("message missing", script, detail)

    def _check_mails(self, script: BookingScript) -> Iterator[Finding]:
        """Yield a finding where a customer received the same message twice."""
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
        hazard = NOT_REVOCABLE if self._vocabulary(resource).final else "stale"
        due = script.ended_at(booking)
        seconds = (self.now - self.started_at).total_seconds() - due
        why = "moved" if script.entitled else "cancelled or not paid"
        yield self._found(hazard, script, why, round(seconds, 1))

    def _opening(
        self, script: BookingScript, resource: Resource, booking: Booking
    ) -> dict[str, Mapping[str, str]]:
        """Return the codes that open in the middle of a booking's time."""
        vocabulary = self._vocabulary(resource)
        received = self.mailboxes.codes(script.final.customer, vocabulary)
        known = {each.code: each.beside for each in received}
        listed = {entry.code for entry in self.listing.of(resource, booking)}
        codes_in = known | {code: {} for code in listed - known.keys()}
        midst = booking.start + (booking.end - booking.start) / 2
        opening = {}
        for code, beside in codes_in.items():
            # Without its further input a code cannot be probed; then the list decides
            untried = vocabulary.extras and code not in known
            if untried or self.doors.opens(resource, code, midst, beside):
                opening[code] = beside
        return opening

    def _wrong_at(
        self, resource: Resource, code: str, booking: Booking, beside: Mapping[str, str]
    ) -> str | None:
        if self._vocabulary(resource).extras and not beside:
            return None
        for at, opens, wrong in edges(resource, booking, self.started_at):
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
        """Whether the last mail has a listed code and no code waits in a queue."""
        listing = self.listing.of(resource, booking)
        mails = self.mailboxes.to(booking.customer)
        if not mails or any(entry.truth == IN_QUEUE for entry in listing):
            return False
        last = mails[-1].mail.text
        return any(entry.code in last for entry in listing)

    def _is_listed(self, resource: Resource, booking: Booking) -> bool:
        """Whether a code is listed that could still be revoked."""
        final = self._vocabulary(resource).final
        return not final and bool(self.listing.of(resource, booking))

    def _vocabulary(self, resource: Resource) -> VendorVocabulary:
        return self.vocabularies[resource.vendor]

    def _found(
        self,
        hazard: str,
        script: BookingScript,
        detail: str,
        seconds: float | None = None,
    ) -> Finding:
        vendor, booking = script.resource.vendor, script.final.id
        return Finding(hazard, script.number, booking, vendor, detail, seconds)
