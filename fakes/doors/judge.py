"""Whether a lock opens for some digits, and if not, why: the whole decision.

Invariants: pure. It looks at the digits, the lock's secret, its clock and its memory,
and at nothing else; it changes nothing, so a probe and a press of keys agree.
An algoPIN is refused for the first reason in the table that holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fakes.doors.algopin import LENGTHS, codec
from fakes.doors.entry import BadEntryError
from fakes.doors.lockclock import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fakes.doors.lock import Lock

MOST_DIGITS = 16
CUSTOM_LENGTHS = range(4, 10)
FAR = 400 * DAY
CAPACITY = 199


@dataclass(frozen=True)
class Activation:
    """An algoPIN as the lock knows it; times are the lock's own."""

    kind: str
    start: float
    until: float | None
    first_used: float | None = None


class LockDecision(NamedTuple):
    """Why the lock opens or not, for which of its PINs, and what it is to remember."""

    reason: str
    pin: str = ""
    kind: str = ""
    remember: Activation | None = None

    @property
    def opened(self) -> bool:
        """Whether the bolt moves."""
        return self.reason == "opened"


def decide(lock: Lock, code: str, local: float) -> LockDecision:
    """Return what the lock makes of the digits when its clock shows `local`."""
    if not (code.isascii() and code.isdigit()):
        raise BadEntryError("this keypad has the digits 0 to 9: type at least one")
    for reason, holds in PRECONDITIONS:
        if holds(lock, code, local):
            return LockDecision(reason)
    refused = LockDecision("wrong-code")
    for reading in _readings(lock, code, local):
        if reading.opened or len(reading.pin) == len(code):
            return reading
        if refused.reason == "wrong-code":
            refused = reading
    return refused


PRECONDITIONS: tuple[tuple[str, Callable[[Lock, str, float], bool]], ...] = (
    ("no-keypad", lambda lock, _code, _local: not lock.keypad),
    ("no-power", lambda lock, _code, _local: lock.battery <= 0),
    ("locked-out", lambda lock, _code, local: lock.is_locked_out(local)),
    ("too-long", lambda _lock, code, _local: len(code) > MOST_DIGITS),
)


def _readings(lock: Lock, code: str, local: float) -> Iterator[LockDecision]:
    """Yield every way to read the typed digits: any may stand before the real PIN.

    Digits that are a PIN as they stand count as that PIN, opened or refused; otherwise
    one refused PIN in 40,000 would open as some shorter one with two digits before it.
    """
    if code.endswith(lock.master):
        yield LockDecision("opened", lock.master, "master")
    if lock.custom:
        for length in CUSTOM_LENGTHS:
            if code[-length:] in lock.custom:
                yield _custom(lock, code[-length:], local)
    for length in LENGTHS:
        if len(code) >= length:
            yield _algopin(lock, code[-length:], local)


def _custom(lock: Lock, pin: str, local: float) -> LockDecision:
    """Judge a PIN that a bridge has put into the lock; here minutes count."""
    window = lock.custom[pin]
    if local < window.start:
        return LockDecision("early", pin, "custom")
    if local >= window.end:
        return LockDecision("over", pin, "custom")
    return LockDecision("opened", pin, "custom")


def _algopin(lock: Lock, pin: str, local: float) -> LockDecision:
    known = lock.activated.get(pin)
    activation = known or _activation_of(lock, pin, local)
    if activation is None:
        return LockDecision("wrong-code")
    case = _Case(lock, pin, activation, local)
    for reason, holds in _REFUSALS:
        if holds(case):
            return LockDecision(reason, pin, activation.kind)
    fresh = Activation(activation.kind, activation.start, activation.until, local)
    return LockDecision("opened", pin, activation.kind, None if known else fresh)


def _activation_of(lock: Lock, pin: str, local: float) -> Activation | None:
    """Return what a PIN says that this lock has never opened for, if it says anything.

    Nearly all digits mean some window in 37 years; one far from now is a typing error.
    """
    meaning = codec(lock.secret, lock.epoch).read(pin, near=int(local // HOUR))
    if meaning is None:
        return None
    start = meaning.start * HOUR
    until = None if meaning.end is None else meaning.end * HOUR
    last = start if until is None else until
    if start - local > FAR or local - last > FAR:
        return None
    return Activation(meaning.kind, start, until)


class _Case(NamedTuple):
    """An algoPIN before the lock: what it claims, and the lock time."""

    lock: Lock
    pin: str
    activation: Activation
    local: float

    def deleted(self) -> bool:
        return self.pin in self.lock.deleted

    def burnt(self) -> bool:
        return (
            self.activation.kind == "onetime" and self.activation.first_used is not None
        )

    def early(self) -> bool:
        return self.local < self.activation.start

    def over(self) -> bool:
        return self.activation.until is not None and self.local >= self.activation.until

    def unused(self) -> bool:
        return (
            self.activation.first_used is None
            and self.local >= self.activation.start + DAY
        )

    def full(self) -> bool:
        return self.activation.first_used is None and self.lock.is_full(self.local)


_REFUSALS: tuple[tuple[str, Callable[[_Case], bool]], ...] = (
    ("deleted", _Case.deleted),
    ("burnt", _Case.burnt),
    ("early", _Case.early),
    ("over", _Case.over),
    ("unused-24h", _Case.unused),
    ("full", _Case.full),
)
