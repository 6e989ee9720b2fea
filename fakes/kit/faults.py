"""Faults on purpose: which call meets one, when, how often, and what it does.

Invariants: a fault counts every call that matches it while it lives. It skips the first
`skip`, then strikes with its probability until it has struck `times` times.
Chance is drawn by (seed, fault, count), so one fault never shifts another.
Of several that would strike, the oldest of a phase does; the others are not used up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - pydantic reads it
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fakes.kit.ids import derive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Phase = Literal["before", "after"]
ALWAYS = 1.0


@dataclass(frozen=True)
class Effect:
    """What the caller meets: another answer, a late one, or none at all."""

    status: int | None = None
    body: Any = None  # text is sent as it is, anything else as JSON
    headers: dict[str, str] = field(default_factory=dict)
    delay_ms: int = 0
    drop: bool = False

    @property
    def answers(self) -> bool:
        """Whether the vendor's own answer is replaced or lost."""
        return self.drop or self.status is not None or self.body is not None


@dataclass
class Fault:
    """One fault: whom it hits, what it does, how often it has been met."""

    id: str
    vendor: str
    phase: Phase
    effect: Effect
    method: str | None = None
    path: str | None = None  # a glob on the vendor's own path, without the mount
    skip: int = 0
    times: int | None = None
    probability: float = ALWAYS
    expires_at: datetime | None = None
    seen: int = 0
    struck: int = 0

    def lives(self, now: datetime) -> bool:
        """Whether the fault can still strike."""
        spent = self.times is not None and self.struck >= self.times
        over = self.expires_at is not None and now >= self.expires_at
        return not (spent or over)

    def matches(self, vendor: str, method: str, path: str) -> bool:
        """Whether the fault is about such a call."""
        return (
            vendor == self.vendor
            and (self.method is None or method == self.method.upper())
            and (self.path is None or fnmatchcase(path, self.path))
        )


class MatchedFaults(NamedTuple):
    """The faults that one call meets."""

    before: Fault | None = None
    after: Fault | None = None

    @property
    def stops(self) -> bool:
        """Whether the vendor never gets to act."""
        return self.before is not None and self.before.effect.answers


NO_FAULTS = MatchedFaults()


class Faults:
    """The faults of one world, oldest first."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._faults: list[Fault] = []

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, fault: Fault) -> None:
        """Let a fault live."""
        self._faults.append(fault)

    def remove(self, fault_id: str) -> bool:
        """End a fault; False if there is none of that id."""
        kept = [fault for fault in self._faults if fault.id != fault_id]
        found = len(kept) < len(self._faults)
        self._faults = kept
        return found

    def clear(self) -> None:
        """End every fault."""
        self._faults = []

    def replace(self, seed: str, faults: Iterable[Fault]) -> None:
        """Take over the faults of a snapshot."""
        self._seed = seed
        self._faults = list(faults)

    def match(
        self, vendor: str, method: str, path: str, now: datetime
    ) -> MatchedFaults:
        """Return what strikes a call, and count it at every fault that it matches."""
        if not self._faults:
            return NO_FAULTS
        ready = [
            fault
            for fault in self._faults
            if fault.lives(now)
            and fault.matches(vendor, method, path)
            and self._triggers(fault)
        ]
        before = next((fault for fault in ready if fault.phase == "before"), None)
        after = next((fault for fault in ready if fault.phase == "after"), None)
        matched = MatchedFaults(before, after)
        return _use(MatchedFaults(before) if matched.stops else matched)

    def _triggers(self, fault: Fault) -> bool:
        fault.seen += 1
        if fault.seen <= fault.skip:
            return False
        if fault.probability >= ALWAYS:
            return True
        drawn = int.from_bytes(derive(self._seed, fault.id, fault.seen)[:7], "big")
        return drawn / 2**56 < fault.probability


def _use(matched: MatchedFaults) -> MatchedFaults:
    for fault in matched:
        if fault:
            fault.struck += 1
    return matched
