"""What the kit expects of a vendor's doors, entries and stored codes.

Invariants: a door knows no world. It gets the instant with each call, and adds the
drift of its own clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


Truth = Literal["cloud", "queue", "door"]

YEAR: Final = 31_622_400.0
"""Seconds; no clock of a door is further off."""


class Entry(Protocol):
    """The result of a typed code; the vendor knows which rule decided."""

    @property
    def opened(self) -> bool:
        """Whether the door opened."""

    @property
    def reason(self) -> str:
        """A stable word, such as `wrong-code`."""

    @property
    def at(self) -> datetime:
        """The instant by the world's clock (aware, UTC)."""

    def details(self) -> dict[str, Any]:
        """Return further fields of the answer, as JSON values."""


class Door(Protocol):
    """A door; `describe` is its JSON, `log` its own memory."""

    @property
    def id(self) -> str:
        """The door's id, unique in its world."""

    @property
    def log(self) -> Iterable[Any]:
        """What the door itself remembers: dataclasses or JSON values, oldest first."""

    def describe(self) -> dict[str, Any]:
        """Return id, vendor, vendor_id, name, kind and the rest of the door's state."""

    def enter(self, code: str, now: datetime, **extra: Any) -> Entry:
        """Type a code at the world's instant `now`."""

    def probe(self, code: str, at: datetime, **extra: Any) -> Entry:
        """Return what `enter` would return at `at`; nothing changes."""


@dataclass(frozen=True)
class Code:
    """One code in one of the three records: cloud, queue, door.

    `since` is when it got there, if that is known.
    """

    door: str
    code: str
    truth: Truth
    valid_from: datetime | None
    valid_until: datetime | None
    ref: str | None
    since: datetime | None = None
