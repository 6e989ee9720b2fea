"""How many calls may be under way, in all and to one connection.

It stands apart from the worker because it knows nothing of jobs, threads or the store.

Invariants: a partition may start another call only while more slots are free than it
uses itself, and never more than its maximum. So a vendor that hangs uses some slots and
never all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from service.ports import VendorBusy


class ConcurrencyLimiter:
    """Counts the calls under way, in all and by partition; not for several threads."""

    def __init__(self, slots: int, per_partition: int, only: str | None = None) -> None:
        """`only` names the one partition that may start calls, None allows all."""
        self.free = slots
        self.only = only
        self._per_partition = per_partition
        self._in_use: Counter[str] = Counter()

    def copy(self) -> ConcurrencyLimiter:
        """Return a copy with the same counts, for a claim that may be undone."""
        limiter = ConcurrencyLimiter(self.free, self._per_partition, self.only)
        limiter._in_use.update(self._in_use)
        return limiter

    @property
    def idle(self) -> bool:
        """Return whether no call is under way."""
        return not self._in_use

    @property
    def full(self) -> list[str]:
        """Return the partitions that may start no further call now."""
        return [each for each in self._in_use if not self._may_acquire(each)]

    def acquire(self, partition: str) -> bool:
        """Take a slot for the partition; return whether it got one."""
        if not self._may_acquire(partition):
            return False
        self._in_use[partition] += 1
        self.free -= 1
        return True

    def release(self, partition: str) -> None:
        """Give one slot of the partition back."""
        self._in_use[partition] -= 1
        self.free += 1
        if not self._in_use[partition]:
            del self._in_use[partition]

    def _may_acquire(self, partition: str) -> bool:
        allowed = self.only in (None, partition)
        return allowed and self._in_use.get(partition, 0) < min(
            self._per_partition, self.free
        )


class Bulkhead:
    """Lets some of the serving threads wait for vendors; safe for several threads.

    The others stay free, so that webhooks are answered while a vendor hangs.
    """

    def __init__(self, slots: int) -> None:
        self._lock = Lock()
        self._limiter = ConcurrencyLimiter(slots, slots)

    @contextmanager
    def slot(self, partition: str) -> Iterator[None]:
        """Hold a slot meanwhile, or raise `VendorBusy` at once."""
        with self._lock:
            got = self._limiter.acquire(partition)
        if not got:
            raise VendorBusy("too many calls wait for this vendor; try again")
        try:
            yield
        finally:
            with self._lock:
                self._limiter.release(partition)
