"""The time of one scenario: virtual, shared by worlds and subject, or real.

On a `Timeline` time only goes forward, from one due instant to the next, so that all
happens in order; it then stops exactly at its target. `RealTime` is for a subject whose
clock cannot be set.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from strikeplate.verdict import HarnessFault, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strikeplate.fakes_client import World

MANY = 5000
"""More steps than this mean that something is always due."""


class TimedWorld(Protocol):
    """A world on a timeline: its clock is set, and due things happen on the way."""

    def clock(self) -> tuple[datetime, datetime | None]:
        """Return its time, and the next instant at which something is due."""

    def move(self, to: datetime) -> None:
        """Set its clock forward."""

    def move_until_due(self, to: datetime) -> datetime:
        """Set its clock forward, to the next due thing at most; return its time."""


class TimedSubject(Protocol):
    """A subject on a timeline."""

    def next_at(self) -> datetime | None:
        """Return the next instant at which it has work, if it says so."""

    def set_time(self, now: datetime) -> None:
        """Set its clock."""

    def run_until_idle(self) -> None:
        """Return once it has done all work that is due now."""

    def react(self) -> None:
        """Do what a stop on the way to a later instant asks for."""


class Timeline:
    """The present of a scenario or test; `move_to` is the only way forward."""

    def __init__(self, start: datetime, subject: TimedSubject | None) -> None:
        self.now = start
        self._subject = subject
        self._worlds: list[TimedWorld] = []

    def add_world(self, world: TimedWorld) -> None:
        """Add a world whose clock stands at `now`."""
        self._worlds.append(world)

    def move_to(self, target: datetime, *, doors_first: bool = False) -> None:
        """Move to an instant; going back raises `HarnessFault`.

        With `doors_first` the subject is not told of the target itself yet.
        """
        if target < self.now:
            message = f"the scenario goes back in time, from {self.now} to {target}"
            raise HarnessFault(message)
        for step, at in enumerate(self._stops(target)):
            if step > MANY:
                message = f"more than {MANY} things are due until {target}"
                raise HarnessFault(message)
            if self._subject is None or (doors_first and at == target):
                continue
            self._subject.set_time(at)
            if at < target:
                self._subject.react()
            else:
                self._subject.run_until_idle()

    def catch_up(self, passed: datetime | None) -> None:
        """Take over the time that an external subject was given to finish its work."""
        if passed is not None and passed > self.now:
            self.now = passed

    def _stops(self, target: datetime) -> Iterator[datetime]:
        """Move the worlds on; yield where they stop: at what is due, and the target."""
        while self.now < target:
            self.now = self._move_worlds(min([target, *self._due()]))
            yield self.now

    def _due(self) -> Iterator[datetime]:
        """Yield when something is due, but for the first world, which tells by moving.

        So a scenario, which has one, makes one call a stop.
        """
        upcoming = [world.clock()[1] for world in self._worlds[1:]]
        upcoming.append(self._subject.next_at() if self._subject else None)
        yield from (at for at in upcoming if at and at > self.now)

    def _move_worlds(self, to: datetime) -> datetime:
        """Move the worlds to one instant, where the first has something due at most."""
        for world in self._worlds[:1]:
            to = world.move_until_due(to)
        for world in self._worlds[1:]:
            world.move(to)
        return to


class RealTime:
    """The present of a scenario whose subject has a clock that cannot be set."""

    @property
    def now(self) -> datetime:
        """The real present."""
        return datetime.now(UTC)

    def add_world(self, world: World) -> None:
        """Leave the world's clock running; it follows the present."""

    def catch_up(self, _passed: datetime | None) -> None:
        """Leave the time as it is."""

    def move_to(self, target: datetime, *, doors_first: bool = False) -> None:
        """Refuse: nobody waits for a future instant."""
        del doors_first
        if target > self.now:
            raise NotApplicable("its clock cannot be set, so time cannot be let pass")
