"""The lock behind a keypad: its memory, its lockout, its log.

Invariants: it decides alone. It was given a secret and a clock when it was paired; from
then on it changes by what is typed on it, by somebody standing at it (reset, delete),
and by a bridge within Bluetooth range (custom PINs, lock, unlock). The decision itself
is `judge.py`. Plain data, so that a world can be stored and restored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - pydantic reads it
from typing import Any

from fakes.doors.entry import BadEntryError, Entry
from fakes.doors.judge import (
    CAPACITY,
    CUSTOM_LENGTHS,
    Activation,
    LockDecision,
    decide,
)
from fakes.doors.lockclock import LockClock  # noqa: TC001 - pydantic reads it

LOG_SIZE = 500
NOT_A_TRY = {"locked-out", "no-power", "no-keypad"}


@dataclass(frozen=True)
class CustomPin:
    """A PIN that was put into the lock, and its window in the lock's own time."""

    start: float
    end: float


@dataclass(frozen=True)
class LockLogEntry:
    """One line of the lock's own log; only a PIN that opened is written down.

    `number` counts the lines from the first ever; `first` marks a PIN's first use.
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
    """One lock, or a keypad, keybox or bridge: whatever hangs on the wall."""

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
        """Whether the keypad is dead after too many wrong tries."""
        return self.locked_out_until is not None and local < self.locked_out_until

    def is_full(self, local: float) -> bool:
        """Whether no further PIN can be remembered (199, of both sorts together)."""
        if len(self.activated) + len(self.custom) < CAPACITY:
            return False
        return len(self.remembered(local)) + len(self.custom) >= CAPACITY

    def remembered(self, local: float) -> dict[str, Activation]:
        """Return the algoPINs that have opened and are not over."""
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
        """Type the code and press the unlock key; the lock remembers what follows."""
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
        """End a lockout: somebody got in."""
        self.wrong_tries = 0
        self.locked_out_until = None

    def bolt(self, what: str, now: datetime) -> None:
        """Lock or unlock by Bluetooth, which also ends a lockout."""
        self.forgive()
        self._write(now, what, reason="bluetooth")

    def put(self, pin: str, window: CustomPin, now: datetime) -> bool:
        """Store a custom PIN; false when it is none, is taken, or there is no room."""
        known = pin in self.custom or pin == self.master
        if not is_custom_pin(pin) or known or self.is_full(self.reads(now)):
            return False
        self.custom[pin] = window
        self._write(now, "pin-added", kind="custom")
        return True

    def drop(self, pin: str, now: datetime) -> bool:
        """Take a custom PIN out again; false when there is none such."""
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

    def describe(self) -> dict[str, Any]:
        """Return what can be told about it; no secret and no PIN."""
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
