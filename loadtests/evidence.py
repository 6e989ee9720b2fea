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

    from loadtests.house import Letter
    from loadtests.stage import Place, Resource
    from strikeplate.booking import Booking, Person
    from strikeplate.dialect import Dialect
    from strikeplate.world import Fakes, Json

ON_ITS_WAY = "queue"
AT_THE_DOOR = "door"


@dataclass(frozen=True)
class Row:
    """One code in one truth, as the fakes list it."""

    hangs: Place
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


class Rows:
    """All codes of some worlds at one moment, by door."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._by_door: dict[Place, list[Row]] = defaultdict(list)
        for row in rows:
            self._by_door[row.hangs].append(row)

    def of(self, resource: Resource, booking: Booking) -> list[Row]:
        """Return the rows of a door that concern a booking."""
        return [row for row in self._by_door[resource.hangs] if row.concerns(booking)]

    def keys(self) -> set[tuple[Place, str]]:
        """Return every code there is, with its door."""
        held = self._by_door.values()
        return {(row.hangs, row.code) for rows in held for row in rows}


def read_rows(fakes: Fakes, worlds: Iterable[str]) -> Rows:
    """Return what the fakes list now."""
    return Rows(
        _row(world, told)
        for world in worlds
        for told in fakes.call("GET", f"/worlds/{world}/codes")
    )


class Told(NamedTuple):
    """A code that a letter told, with what is to be given beside it, and when."""

    code: str
    beside: Mapping[str, str]
    at: datetime


class Post:
    """What arrived, by whom it was for."""

    def __init__(self, letters: Iterable[Letter]) -> None:
        self._held: dict[str, list[Letter]] = defaultdict(list)
        for letter in letters:
            address = letter.mail.to
            self._held[address].append(letter)
            self._held[_number(address.partition("@")[0])].append(letter)

    def to(self, person: Person) -> list[Letter]:
        """Return what a customer got, by mail or as an SMS, oldest first."""
        got = [*self._held[person.email], *self._held[_number(person.phone)]]
        return sorted(got, key=lambda letter: letter.at)

    def codes(self, person: Person, dialect: Dialect) -> list[Told]:
        """Return the codes that a customer was told, oldest first."""
        return [
            Told(code, dialect.found_beside(code, letter.mail.text), letter.at)
            for letter in self.to(person)
            for code in codes(letter.mail, dialect.code)
        ]


class Doors:
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
        wish = {"code": code, "at": instant(at), **beside}
        return bool(self._fakes.call("POST", path, wish)["opens"])


def _number(phone: str) -> str:
    return phone.lstrip("+")


def _row(world: str, told: Json) -> Row:
    times = (told[name] for name in ("valid_from", "valid_until", "since"))
    at = (parse(text) if text else None for text in times)
    return Row((world, told["door"]), told["code"], told["truth"], *at)
