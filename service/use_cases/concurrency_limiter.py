"""Room: how many calls may be under way, in all and to one place.

Invariants: a lane may take a further place only while more places are free than it
holds itself, and never more than `per_partition`. So a vendor that hangs takes some
places and never all of them: whoever comes next still finds one (DESIGN: a vendor that
is down holds up nobody else's bookings).
"""

from __future__ import annotations

from collections import Counter


class ConcurrencyLimiter:
    """Counts the places that calls under way take up; one thread uses it."""

    def __init__(self, slots: int, per_partition: int, only: str | None = None) -> None:
        """`only` is the one lane that may take any, None for all."""
        self.free = slots
        self.only = only
        self._per_partition = per_partition
        self._in_use: Counter[str] = Counter()

    def copy(self) -> ConcurrencyLimiter:
        """Return the same room, to try things in."""
        limiter = ConcurrencyLimiter(self.free, self._per_partition, self.only)
        limiter._in_use.update(self._in_use)
        return limiter

    @property
    def full(self) -> list[str]:
        """Return the lanes that may take no further place now."""
        return [
            partition for partition in self._in_use if not self._may_acquire(partition)
        ]

    def acquire(self, partition: str) -> bool:
        """Tell whether the lane got a further place."""
        if not self._may_acquire(partition):
            return False
        self._in_use[partition] += 1
        self.free -= 1
        return True

    def release(self, partition: str) -> None:
        """Free one place of the lane."""
        self._in_use[partition] -= 1
        self.free += 1
        if not self._in_use[partition]:
            del self._in_use[partition]

    def _may_acquire(self, partition: str) -> bool:
        allowed = self.only in (None, partition)
        return allowed and self._in_use.get(partition, 0) < min(
            self._per_partition, self.free
        )
