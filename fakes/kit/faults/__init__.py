"""Faults: which calls match one, when, how often, and what the caller gets.

Each kind of effect has a file here with its fields, its effect at a socket and its
effect in process; `KINDS` lists them. A further kind is one file, one base of `Effect`
and one row of `KINDS`.

Invariants: a fault counts every matching call while it is active. It skips the first
`skip`, then fires with its probability until it has fired `times` times.
Chance is drawn by (seed, fault, count), so one fault never shifts another.
Of several faults of one phase only the oldest fires; the others are not used up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic reads it
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import model_validator

from fakes.kit.faults import advance, answer, broken, delay, drop, webhook
from fakes.kit.ids import derive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug import Response

Phase = Literal["before", "after", "webhook"]
ALWAYS = 1.0


class Effect(
    drop.Drop,
    delay.Delay,
    answer.Answer,
    broken.Broken,
    advance.Advance,
    webhook.Webhook,
):
    """What the caller gets: another answer, a late or broken one, or none at all."""

    @model_validator(mode="after")
    def has_an_effect(self) -> Effect:
        """Refuse an effect of no kind, and headers without an answer."""
        if not any(kind.is_set(self) for kind in KINDS):
            beside = {"headers", "delay_p99_ms"}
            fields = [name for name in type(self).model_fields if name not in beside]
            raise ValueError(f"give at least one of {', '.join(fields)}")
        if self.headers and not answer.is_set(self):
            raise ValueError("headers go with a status or a body")
        return self

    @property
    def replaces(self) -> bool:
        """Whether the vendor's own answer is replaced or lost."""
        kinds = (kind for kind in KINDS if kind.replace and not kind.keeps)
        return any(kind.is_set(self) for kind in kinds)

    def wait(self, environ: WSGIEnvironment) -> None:
        """Let the time of this effect pass."""
        for kind in KINDS:
            if kind.wait and kind.is_set(self):
                kind.wait(self, environ)

    def replace(self, own: Response) -> Response:
        """Return the answer that the caller gets instead of the vendor's own."""
        found = [kind for kind in KINDS if kind.replace and kind.is_set(self)]
        for kind in [*found[:1], *(each for each in found[1:] if each.keeps)]:
            own = kind.replace(self, own) if kind.replace else own
        return own


class Kind(NamedTuple):
    """One kind of effect: whether an effect has it, and what it does to a call."""

    is_set: Callable[[Any], bool]
    # The answer instead of the vendor's own; of several kinds the first one counts
    replace: Callable[[Any, Response], Response] | None = None
    # What takes time; called while the world's lock is free
    wait: Callable[[Any, WSGIEnvironment], None] | None = None
    keeps: bool = False
    """The caller gets the vendor's own answer all the same."""


WEBHOOKS = Kind(webhook.is_set)
"""What is done to webhooks and not to calls."""

KINDS = (
    Kind(drop.is_set, replace=drop.replace),
    Kind(broken.resets, replace=broken.reset),
    Kind(answer.is_set, replace=answer.replace),
    Kind(broken.garbles, replace=broken.garble),
    Kind(broken.is_slow, replace=broken.slow, keeps=True),
    Kind(delay.is_set, wait=delay.wait),
    Kind(advance.is_set, wait=advance.wait),
    WEBHOOKS,
)


@dataclass
class Fault:
    """One fault: which calls it matches, its effect, and how often it has fired."""

    id: str
    vendor: str
    phase: Phase
    effect: Effect
    method: str | None = None
    # A glob on the vendor's own path, without the mount; on the receiver's for webhooks
    path: str | None = None
    skip: int = 0
    times: int | None = None
    probability: float = ALWAYS
    expires_at: datetime | None = None
    seen: int = 0
    struck: int = 0

    def lives(self, now: datetime) -> bool:
        """Whether the fault can still fire."""
        spent = self.times is not None and self.struck >= self.times
        over = self.expires_at is not None and now >= self.expires_at
        return not (spent or over)

    def matches(self, vendor: str, method: str, path: str) -> bool:
        """Whether the fault is for such a call."""
        return (
            vendor == self.vendor
            and (self.method is None or method == self.method.upper())
            and (self.path is None or fnmatchcase(path, self.path))
        )


class MatchedFaults(NamedTuple):
    """The faults that fire for one call, at most one a phase."""

    before: Fault | None = None
    after: Fault | None = None

    @property
    def stops(self) -> bool:
        """Whether the vendor never gets to act."""
        return self.before is not None and self.before.effect.replaces


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
        """Add a fault."""
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
        """Return the faults that fire for a call; every matching fault counts it."""
        if not self._faults:
            return NO_FAULTS
        ready = [
            fault
            for fault in self._faults
            if fault.phase != "webhook"
            and fault.lives(now)
            and fault.matches(vendor, method, path)
            and self._triggers(fault)
        ]
        before = next((fault for fault in ready if fault.phase == "before"), None)
        after = next((fault for fault in ready if fault.phase == "after"), None)
        matched = MatchedFaults(before, after)
        return _use(MatchedFaults(before) if matched.stops else matched)

    def match_webhook(self, vendor: str, path: str, now: datetime) -> Effect | None:
        """Return what becomes of a webhook to that path; every match counts it."""
        for fault in self._faults:
            wanted = fault.phase == "webhook" and fault.lives(now)
            if wanted and fault.matches(vendor, "POST", path) and self._triggers(fault):
                fault.struck += 1
                return fault.effect
        return None

    def _triggers(self, fault: Fault) -> bool:
        fault.seen += 1
        if fault.seen <= fault.skip:
            return False
        if fault.probability >= ALWAYS:
            return True
        return self.chance(fault) < fault.probability

    def chance(self, fault: Fault, *about: str) -> float:
        """Return the number in [0, 1) that the present call of a fault has drawn."""
        drawn = derive(self._seed, fault.id, fault.seen, *about)[:7]
        return int.from_bytes(drawn, "big") / 2**56


def _use(matched: MatchedFaults) -> MatchedFaults:
    for fault in matched:
        if fault:
            fault.struck += 1
    return matched
