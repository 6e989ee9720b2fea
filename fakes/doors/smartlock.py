"""A smart lock that stores its codes, with the keypad beside the door.

Invariants: it decides alone, by its codebook, its keypad and its own clock; no cloud is
asked. Its codes come by radio: from the cloud while it is online, or from an app of
somebody at the door. Plain data, so that a world can be stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from fakes.doors.codebook import Codebook
from fakes.doors.entry import BadEntryError, Entry
from fakes.doors.lockout import Lockout  # noqa: TC001 - pydantic reads it
from fakes.doors.schedule import Edges, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

LOG_SIZE = 1000

# The actions besides the keypad's, and the state of the bolt after each
ACTIONS = {
    "unlock": "unlocked",
    "lock": "locked",
    "unlatch": "unlatched",
    "lock-n-go": "locked",
    "lock-n-go-unlatch": "locked",
}


@dataclass(frozen=True)
class SmartLockLogEntry:
    """One entry of the lock's log; `number` counts from the first entry ever.

    `what` is `entry` or an action; `why` is the result of the entry, or who asked for
    the action; `code` is the number of the code that was typed, if it is stored;
    `blocked`: the motor could not move the bolt.
    """

    number: int
    at: datetime
    what: str
    why: str
    code: int | None = None
    name: str = ""
    blocked: bool = False


@dataclass
class SmartLock:
    """One lock on one door; `online` is its connection to the cloud.

    A jam is noticed when the motor next has to move the bolt, and so is its end.
    """

    id: str
    vendor: str
    vendor_id: str
    name: str
    kind: str
    timezone: str
    codebook: Codebook
    lockout: Lockout
    edges: Edges = field(default_factory=Edges)
    counted: tuple[str, ...] = ("wrong-code",)  # what counts towards the lockout
    keypad: bool = True
    online: bool = True
    paired: bool = True  # with an account
    battery: int = 100
    keypad_battery: int = 100
    clock_drift_seconds: float = 0.0
    jammed: bool = False
    bolt: str = "locked"
    blocked: bool = False  # the last motion was
    log_count: int = 0  # written so far
    log: list[SmartLockLogEntry] = field(default_factory=list)

    @property
    def connected(self) -> bool:
        """Whether its cloud can reach it: it is online, and paired."""
        return self.online and self.paired

    def shows(self, instant: datetime) -> datetime:
        """Return the instant by the lock's own clock."""
        return instant + timedelta(seconds=self.clock_drift_seconds)

    def probe(self, code: str, at: datetime, **extra: Any) -> Entry:
        """Return what `enter` would answer at that instant; nothing changes."""
        _code_alone(extra)
        return _entry(self._decide(code, at).reason, at)

    def enter(self, code: str, now: datetime, **extra: Any) -> Entry:
        """Type the code; the lock decides and logs it."""
        _code_alone(extra)
        decision = self._decide(code, now)
        if decision.reason in {"opened", "jammed"}:
            self.lockout.forgive()
            self._move("unlocked")
        elif decision.reason in self.counted:
            self.lockout.count(self.shows(now))
        blocked = decision.reason == "jammed"
        self._write("entry", decision.reason, now, decision.number, blocked=blocked)
        return _entry(decision.reason, now)

    def reset(self) -> None:
        """Set it to how it left the factory: no codes, no account."""
        self.paired = False
        self.codebook = Codebook(self.codebook.capacity)
        self.lockout.forgive()

    def act(self, action: str, by: str, now: datetime) -> None:
        """Lock, unlock or unlatch for somebody who does not use the keypad."""
        self._move(ACTIONS[action])
        self._write(action, by, now, blocked=self.blocked)

    def _move(self, bolt: str) -> None:
        self.blocked = self.jammed
        if not self.blocked:
            self.bolt = bolt

    def since(self, number: int) -> list[SmartLockLogEntry]:
        """Return the log entries after that number that are still stored."""
        return [each for each in self.log if each.number > number]

    def describe(self) -> dict[str, Any]:
        """Return its public state; no code."""
        described = {name: getattr(self, name) for name in DESCRIBED}
        return described | {
            "codes": len(self.codebook.codes),
            "capacity": self.codebook.capacity,
            "last_counts": self.edges.last_counts,
            "over_midnight": self.edges.over_midnight,
            "utc_weekdays": self.edges.utc_weekdays,
        }

    def _decide(self, code: str, at: datetime) -> SmartLockDecision:
        if not (code.isascii() and code.isdigit()):
            raise BadEntryError("this keypad has the digits 1 to 9: type six of them")
        shown = self.shows(at)
        for why, holds in PRECONDITIONS:
            if holds(self, code, shown):
                return SmartLockDecision(why)
        number = self.codebook.number_of(code)
        if number is None:
            return SmartLockDecision("wrong-code")
        stored = self.codebook.codes[number]
        if not stored.enabled:
            return SmartLockDecision("disabled", number)
        why_not = refusal(stored.schedule, shown, self.timezone, self.edges)
        works = "jammed" if self.jammed else "opened"
        return SmartLockDecision(why_not or works, number)

    def _write(
        self,
        what: str,
        why: str,
        now: datetime,
        code: int | None = None,
        *,
        blocked: bool,
    ) -> None:
        self.log_count += 1
        name = self.codebook.codes[code].name if code is not None else ""
        self.log.append(
            SmartLockLogEntry(self.log_count, now, what, why, code, name, blocked)
        )
        if len(self.log) > 2 * LOG_SIZE:
            del self.log[:-LOG_SIZE]


class SmartLockDecision(NamedTuple):
    """The reason, and the number of the code."""

    reason: str
    number: int | None = None


PRECONDITIONS: tuple[tuple[str, Callable[[SmartLock, str, datetime], bool]], ...] = (
    ("no-keypad", lambda lock, _code, _now: not lock.keypad),
    ("no-power", lambda lock, _code, _now: not (lock.battery and lock.keypad_battery)),
    ("locked-out", lambda lock, _code, now: lock.lockout.holds(now)),
    ("no-such-key", lambda _lock, code, _now: "0" in code),
)

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
    "keypad_battery",
    "jammed",
    "bolt",
    "blocked",
)


def _code_alone(extra: dict[str, Any]) -> None:
    if extra:
        names = ", ".join(sorted(extra))
        raise BadEntryError(f"this keypad takes a code alone; leave out {names}")


def _entry(reason: str, at: datetime) -> Entry:
    return Entry(reason == "opened", reason, at)
