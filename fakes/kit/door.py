"""What the kit asks of a vendor's door, of an entry at it, and of a stored code.

Invariants: these are protocols; a door knows no world, and keeps its own clock drift.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


Truth = Literal["cloud", "queue", "door"]


class Entry(Protocol):
    """The result of a code that was typed; the vendor knows which rule decided."""

    @property
    def opened(self) -> bool:
        """Whether the door opened."""

    @property
    def reason(self) -> str:
        """A short stable word."""

    @property
    def at(self) -> datetime:
        """The instant by the world's clock (aware, UTC)."""

    def details(self) -> dict[str, Any]:
        """Return further fields of the answer, as JSON values."""


class Door(Protocol):
    """A door as the kit sees it; `describe` is its JSON, `log` its own memory."""

    @property
    def id(self) -> str:
        """The door's id, unique in its world."""

    @property
    def log(self) -> Iterable[Any]:
        """What the door itself remembers: dataclasses or JSON values, oldest first."""

    def describe(self) -> dict[str, Any]:
        """Return id, vendor, vendor_id, name, kind and the rest of the door's state."""

    def enter(self, code: str, now: datetime, **extra: Any) -> Entry:
        """Type a code; the world's instant is given, the door adds its own drift."""

    def probe(self, code: str, at: datetime, **extra: Any) -> Entry:
        """Ask the same question without leaving a trace."""


@dataclass(frozen=True)
class Code:
    """One code in one of the three truths: cloud, on its way, on the door.

    `since` is when it came to be so there, as far as that is known.
    """

    door: str
    code: str
    truth: Truth
    valid_from: datetime | None
    valid_until: datetime | None
    ref: str | None
    since: datetime | None = None
