"""Room: how many calls may be under way, in all and to one place.

Law: a lane may take a further place only while more places are free than it holds
itself, and never more than `most`. So a vendor that hangs takes some places and
never all of them: whoever comes next still finds one (DESIGN: a vendor that is down
holds up nobody else's bookings).
"""

from __future__ import annotations

from collections import Counter


class Room:
    """Counts the places that calls under way take up; one thread uses it."""

    def __init__(self, places: int, most: int, only: str | None = None) -> None:
        """`only` is the one lane that may take any, None for all."""
        self.free = places
        self.only = only
        self._most = most
        self._held: Counter[str] = Counter()

    def copy(self) -> Room:
        """Return the same room, to try things in."""
        room = Room(self.free, self._most, self.only)
        room._held.update(self._held)
        return room

    @property
    def full(self) -> list[str]:
        """Return the lanes that may take no further place now."""
        return [lane for lane in self._held if not self._may(lane)]

    def take(self, lane: str) -> bool:
        """Tell whether the lane got a further place."""
        if not self._may(lane):
            return False
        self._held[lane] += 1
        self.free -= 1
        return True

    def give_back(self, lane: str) -> None:
        """Free one place of the lane."""
        self._held[lane] -= 1
        self.free += 1
        if not self._held[lane]:
            del self._held[lane]

    def _may(self, lane: str) -> bool:
        mine = self.only in (None, lane)
        return mine and self._held.get(lane, 0) < min(self._most, self.free)
