"""Evidence: what the doors and the customers' letters say, gathered over HTTP.

Law: nothing is judged here. The subject is not asked: what counts is what the fakes'
three truths list, what a door answers to a code that nobody types, and what arrived.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from strikeplate.post import codes
from strikeplate.world import instant, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from loadtests.plan import DoorRef, Resource
    from loadtests.target import ReceivedMail
    from strikeplate.booking import Booking, Person
    from strikeplate.dialect import Dialect
    from strikeplate.world import Fakes, Json

IN_QUEUE = "queue"
AT_THE_DOOR = "door"


@dataclass(frozen=True)
class ListedCode:
    """One code in one truth, as the fakes list it."""

    door_ref: DoorRef
    code: str
    truth: str
    valid_from: datetime | None
    valid_until: datetime | None
    since: datetime | None

    def concerns(self, booking: Booking) -> bool:
        """Whether its window and the booking's time have anything in common."""
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
        """Return the rows of a door that concern a booking."""
        return [
            entry
            for entry in self._by_door[resource.door_ref]
            if entry.concerns(booking)
        ]

    def keys(self) -> set[tuple[DoorRef, str]]:
        """Return every code there is, with its door."""
        held = self._by_door.values()
        return {(entry.door_ref, entry.code) for listing in held for entry in listing}


def read_listing(fakes: Fakes, worlds: Iterable[str]) -> CodeListing:
    """Return what the fakes list now."""
    return CodeListing(
        _entry(world, item)
        for world in worlds
        for item in fakes.call("GET", f"/worlds/{world}/codes")
    )


class ReceivedCode(NamedTuple):
    """A code that a letter told, with what is to be given beside it, and when."""

    code: str
    beside: Mapping[str, str]
    at: datetime


class Mailboxes:
    """What arrived, by whom it was for."""

    def __init__(self, mails: Iterable[ReceivedMail]) -> None:
        self._held: dict[str, list[ReceivedMail]] = defaultdict(list)
        for received in mails:
            address = received.mail.to
            self._held[address].append(received)
            self._held[_number(address.partition("@")[0])].append(received)

    def to(self, person: Person) -> list[ReceivedMail]:
        """Return what a customer got, by mail or as an SMS, oldest first."""
        got = [*self._held[person.email], *self._held[_number(person.phone)]]
        return sorted(got, key=lambda received: received.at)

    def codes(self, person: Person, dialect: Dialect) -> list[ReceivedCode]:
        """Return the codes that a customer was told, oldest first."""
        return [
            ReceivedCode(
                code, dialect.found_beside(code, received.mail.text), received.at
            )
            for received in self.to(person)
            for code in codes(received.mail, dialect.code)
        ]


class HttpProbe:
    """Asks doors what a code would do; it leaves no trace there."""

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
