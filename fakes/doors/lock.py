"""An offline lock with a keypad: how it decides about a code, its memory, its log.

Invariants: the lock decides alone. It got a secret and a clock when it was paired;
after that it changes by what is typed, by somebody at the door (reset, delete), and by
a bridge within Bluetooth range (custom PINs, lock, unlock). `decide` is pure: it reads
the digits, the lock's secret, its clock and its memory, so `probe` and `enter` agree.
An algoPIN is refused for the first reason in `_REFUSALS` that holds. All of it is plain
data, so that a world can be stored and restored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - pydantic reads it
from typing import TYPE_CHECKING, Any, NamedTuple

from fakes.doors.algopin import LENGTHS, codec
from fakes.doors.entry import BadEntryError, Entry
from fakes.doors.lockclock import DAY, HOUR, LockClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_DIGITS = 16
CUSTOM_LENGTHS = range(4, 10)
FAR = 400 * DAY
CAPACITY = 199
FACTORY_MASTER = "1234567890"


@dataclass(frozen=True)
class Activation:
    """An algoPIN as the lock knows it; times are the lock's own."""

    kind: str
    start: float
    until: float | None
    first_used: float | None = None


class LockDecision(NamedTuple):
    """The reason, the PIN and its kind, and the activation to store."""

    reason: str
    pin: str = ""
    kind: str = ""
    remember: Activation | None = None

    @property
    def opened(self) -> bool:
        """Whether the bolt moves."""
        return self.reason == "opened"


def decide(lock: Lock, code: str, local: float) -> LockDecision:
    """Return the decision about the digits when the lock's clock shows `local`."""
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
    """Yield every reading of the typed digits: any digits may precede the PIN.

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
    """Decide about a custom PIN, which a bridge has stored; its window has minutes."""
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
    """Return the window of a PIN that has never opened this lock, if it has one.

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
    """An algoPIN, its window, and the lock's time."""

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


LOG_SIZE = 500
NOT_A_TRY = {"locked-out", "no-power", "no-keypad"}


@dataclass(frozen=True)
class CustomPin:
    """The window of a custom PIN, in the lock's own time."""

    start: float
    end: float


@dataclass(frozen=True)
class LockLogEntry:
    """One entry of the lock's own log; a PIN is logged only if it opened.

    `number` counts the entries from the first ever; `first` marks a PIN's first use.
    """

    number: int
    at: datetime
    what: str
    reason: str = ""
    kind: str = ""
    pin: str = ""
    first: bool = False


@dataclass
class Lock:
    """One device: a lock, a keypad, a keybox or a bridge."""

    id: str
    vendor: str
    vendor_id: str
    name: str
    kind: str
    clock: LockClock
    secret: str
    master: str
    keypad: bool = True
    online: bool = True
    paired: bool = True  # with an account
    battery: int = 100
    clock_drift_seconds: float = 0.0
    lockout_tries: int = 5  # 0: never
    lockout_minutes: int = 5
    epoch: int = 0
    wrong_tries: int = 0
    locked_out_until: float | None = None
    activated: dict[str, Activation] = field(default_factory=dict)
    custom: dict[str, CustomPin] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    log: list[LockLogEntry] = field(default_factory=list)

    @property
    def connected(self) -> bool:
        """Whether a bridge in range would reach it: it is online, and paired."""
        return self.online and self.paired

    @property
    def timezone(self) -> str:
        """The zone in which the lock was paired."""
        return self.clock.timezone

    def reads(self, instant: datetime) -> float:
        """Return the time that the lock's own clock shows, drift included."""
        return self.clock.reads(instant) + self.clock_drift_seconds

    def shows(self, reading: float) -> datetime:
        """Return the instant at which the lock's own clock shows this."""
        return self.clock.instant(reading - self.clock_drift_seconds)

    def is_locked_out(self, local: float) -> bool:
        """Whether the keypad is locked out after too many wrong tries."""
        return self.locked_out_until is not None and local < self.locked_out_until

    def is_full(self, local: float) -> bool:
        """Whether no further PIN can be remembered (199, of both sorts together)."""
        if len(self.activated) + len(self.custom) < CAPACITY:
            return False
        return len(self.remembered(local)) + len(self.custom) >= CAPACITY

    def remembered(self, local: float) -> dict[str, Activation]:
        """Return the algoPINs that have opened and have not ended."""
        return {
            pin: each
            for pin, each in self.activated.items()
            if each.until is None or local < each.until
        }

    def probe(self, code: str, at: datetime, **extra: Any) -> Entry:
        """Return what `enter` would answer at that instant; nothing changes."""
        _only_digits(extra)
        return _entry(decide(self, code, self.reads(at)), at)

    def enter(self, code: str, now: datetime, **extra: Any) -> Entry:
        """Type the code and press the unlock key; the lock stores the result."""
        _only_digits(extra)
        local = self.reads(now)
        decision = decide(self, code, local)
        self._write(
            now,
            "entry",
            reason=decision.reason,
            kind=decision.kind,
            pin=decision.pin if decision.opened else "",
            first=decision.remember is not None,
        )
        self._take(decision, local, now)
        return _entry(decision, now)

    def _take(self, decision: LockDecision, local: float, now: datetime) -> None:
        if decision.opened:
            self.forgive()
        elif decision.reason not in NOT_A_TRY:
            self._count_wrong_try(local, now)
        if decision.remember:
            if len(self.activated) + len(self.custom) >= CAPACITY:
                self.activated = self.remembered(local)
            self.activated[decision.pin] = decision.remember

    def _count_wrong_try(self, local: float, now: datetime) -> None:
        self.wrong_tries += 1
        if self.wrong_tries == self.lockout_tries:
            self.locked_out_until = local + self.lockout_minutes * 60
            self.wrong_tries = 0
            self._write(now, "lockout")

    def forgive(self) -> None:
        """End a lockout and reset the wrong tries."""
        self.wrong_tries = 0
        self.locked_out_until = None

    def bolt(self, what: str, now: datetime) -> None:
        """Lock or unlock by Bluetooth, which also ends a lockout."""
        self.forgive()
        self._write(now, what, reason="bluetooth")

    def put(self, pin: str, window: CustomPin, now: datetime) -> bool:
        """Store a custom PIN; False if it is malformed, taken, or the lock is full."""
        known = pin in self.custom or pin == self.master
        if not is_custom_pin(pin) or known or self.is_full(self.reads(now)):
            return False
        self.custom[pin] = window
        self._write(now, "pin-added", kind="custom")
        return True

    def drop(self, pin: str, now: datetime) -> bool:
        """Remove a custom PIN; False if there is none."""
        if self.custom.pop(pin, None) is None:
            return False
        self._write(now, "pin-removed", kind="custom")
        return True

    def delete(self, pin: str, now: datetime) -> None:
        """Delete one PIN at the lock itself; it opens nothing from now on."""
        if not self.drop(pin, now):
            self.deleted.append(pin)
            self._write(now, "pin-deleted")

    def reset(self, now: datetime) -> None:
        """Reset all PINs at the lock: of those issued before, only the master opens."""
        self.epoch += 1
        self.activated.clear()
        self.custom.clear()
        self.deleted.clear()
        self.forgive()
        self._write(now, "reset")

    def unpair(self, secret: str, now: datetime) -> None:
        """Set it to how it left the factory: no PIN but the master it came with.

        The secret is one that no cloud knows.
        """
        self.reset(now)
        self.paired = False
        self.secret, self.master = secret, FACTORY_MASTER

    def describe(self) -> dict[str, Any]:
        """Return its public state; no secret and no PIN."""
        described = {name: getattr(self, name) for name in DESCRIBED}
        return described | {"follows_summer_time": self.clock.wall}

    def _write(self, at: datetime, what: str, **facts: Any) -> None:
        number = self.log[-1].number + 1 if self.log else 1
        self.log.append(LockLogEntry(number, at, what, **facts))
        if len(self.log) > 2 * LOG_SIZE:
            del self.log[:-LOG_SIZE]


DESCRIBED = (
    "id",
    "vendor",
    "vendor_id",
    "name",
    "kind",
    "timezone",
    "online",
    "paired",
    "battery",
    "clock_drift_seconds",
    "keypad",
    "lockout_tries",
    "lockout_minutes",
    "epoch",
)


def is_custom_pin(pin: str) -> bool:
    """Whether a keypad can store this as a custom PIN: 4 to 9 digits."""
    return pin.isascii() and pin.isdigit() and len(pin) in CUSTOM_LENGTHS


def _only_digits(extra: dict[str, Any]) -> None:
    if extra:
        names = ", ".join(sorted(extra))
        raise BadEntryError(
            f"a keypad takes a code and nothing else; leave out {names}"
        )


def _entry(decision: LockDecision, at: datetime) -> Entry:
    return Entry(decision.opened, decision.reason, at)
