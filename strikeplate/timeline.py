"""The timeline of a scenario: one time for the fakes' worlds and the subject.

Invariants: time only goes forward, from one due instant to the next of any member, so
that everything happens in order; it stops exactly at its target. A subject whose clock
cannot be set stays in the real present; only the doors move on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from strikeplate.fakes_client import World
    from strikeplate.subject import Subject

MANY = 5000
"""More steps than this on one way mean that something is due for ever."""


class Timeline:
    """The present of one scenario, and the way on from it."""

    def __init__(self, start: datetime, subject: Subject | None) -> None:
        self.now = start
        self._subject = subject if subject and subject.clock != "none" else None
        self._worlds: list[World] = []

    def add_world(self, world: World) -> None:
        """Let a world be part of it; its clock stands at `now`."""
        self._worlds.append(world)

    def move_to(self, target: datetime) -> None:
        """Go on to an instant; a scenario that would go back is at fault itself."""
        if target < self.now:
            message = f"the scenario goes back in time, from {self.now} to {target}"
            raise HarnessFault(message)
        for count, at in enumerate(self._stops(target)):
            if count > MANY:
                message = f"more than {MANY} things are due until {target}"
                raise HarnessFault(message)
            self._advance(at)

    def _stops(self, target: datetime) -> Iterator[datetime]:
        """Yield each instant at which something is due, and the target last."""
        while self.now < target:
            upcoming = [at for at in self._due() if at > self.now]
            yield min([target, *upcoming])

    def _due(self) -> Iterator[datetime]:
        for world in self._worlds:
            _, upcoming = world.clock()
            if upcoming:
                yield upcoming
        upcoming = self._subject.next_at() if self._subject else None
        if upcoming:
            yield upcoming

    def _advance(self, at: datetime) -> None:
        """Move all on to one instant; the worlds first, who wait for nobody."""
        for world in self._worlds:
            world.move(at)
        self.now = at
        if self._subject:
            self._subject.set_time(at)
            self._subject.run_until_idle()
