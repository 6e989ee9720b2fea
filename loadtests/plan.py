"""The stage: all that a sender has to know to play its part, on whichever machine.

Law: it is written once, before the run, and the whole play follows from it; so senders
exchange nothing but this and what they saw. It holds signing secrets: it goes to
senders and into no report.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - pydantic reads it

from pydantic import TypeAdapter

DoorRef = tuple[str, str]
"""A world and a door in it, by their ids."""


@dataclass(frozen=True)
class Resource:
    """Something to book: the door it opens, and where its events are told.

    `trigger` is the event on which its code is made: confirmed or paid.
    """

    name: str
    vendor: str
    world: str
    door: str
    zone: str
    trigger: str
    path: str = field(repr=False)
    secret: str | None = field(repr=False)

    @property
    def door_ref(self) -> DoorRef:
        """Where its door is."""
        return self.world, self.door

    @property
    def move_group(self) -> tuple[str, str]:
        """What resources have in common between which a booking may be moved."""
        return self.path, self.trigger


@dataclass(frozen=True)
class LoadPlan:
    """One run: who is loaded, with what, from which day on the bookings are."""

    run: str
    url: str
    seed: int
    shape: str
    seconds: float
    rate: float
    first_day: date
    resources: tuple[Resource, ...]

    @property
    def bookings(self) -> int:
        """How many bookings are made in all."""
        return max(1, round(self.rate * self.seconds))

    def to_json(self) -> str:
        """Return it as text, secrets and all."""
        return _ADAPTER.dump_json(self).decode()


_ADAPTER = TypeAdapter(LoadPlan)


def read(text: str) -> LoadPlan:
    """Return the stage that a text tells of."""
    return _ADAPTER.validate_json(text)
