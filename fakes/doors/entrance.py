"""A keypad beside a door, which stores the codes that a cloud sends to it.

Invariants: it decides alone, by the codes that it stored when it last had a
connection. A code is valid between two instants, and within its weekly hours if it has
any. Events wait in `pending_events` until the cloud reads them, once and in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fakes.doors.entry import BadEntryError, Entry, check_extra
from fakes.doors.lockout import Lockout  # noqa: TC001 - pydantic reads it
from fakes.doors.schedule import Edges, Schedule, refusal

LOG_SIZE = 500
EDGES = Edges(last_counts=False)


@dataclass(frozen=True)
class Pass:
    """A code that opens while any of its schedules is valid."""

    ref: str
    pin: str
    schedules: tuple[Schedule, ...]
    kind: str = "access"  # or return: a key's return code, which opens here too


@dataclass(frozen=True)
class EntranceLogEntry:
    """One entry of the keypad's own log; a code is logged only if it opened."""

    at: datetime
    what: str  # entry, opened
    reason: str = ""
    kind: str = ""
    code: str = ""
    ref: str | None = None


@dataclass
class Entrance:
    """One keypad on the wall, and the door that it opens."""

    id: str
    vendor: str
    vendor_id: str
    name: str
    product: str
    timezone: str
    lockout: Lockout
    kind: str = "keypad"
    keypad: bool = True
    online: bool = True
    paired: bool = True  # with an account
    battery: int = 100
    clock_drift_seconds: float = 0.0
    troubles: list[str] = field(default_factory=list)  # power, moved, error, wifi
    passes: list[Pass] = field(default_factory=list)
    log: list[EntranceLogEntry] = field(default_factory=list)
    pending_events: list[EntranceLogEntry] = field(default_factory=list)

    @property
    def connected(self) -> bool:
        """Whether its cloud can reach it: it is online, and paired."""
        return self.online and self.paired

    def probe(self, code: str, at: datetime, **extra: Any) -> Entry:
        """Return what `enter` would answer at that instant; nothing changes."""
        check_extra(extra, "a code")
        reason, _ = self._decide(code, at)
        return Entry(reason == "opened", reason, at)

    def enter(self, code: str, now: datetime, **extra: Any) -> Entry:
        """Type a code; a return code comes after a star."""
        check_extra(extra, "a code")
        reason, passed = self._decide(code, now)
        if reason == "wrong-code":
            self.lockout.count(now)
        if passed:
            self.lockout.forgive()
            self._write(
                EntranceLogEntry(now, "entry", reason, passed.kind, code, passed.ref)
            )
        else:
            self.log.append(EntranceLogEntry(now, "entry", reason))
        return Entry(reason == "opened", reason, now)

    def open(self, now: datetime) -> None:
        """Unlock by command."""
        self._write(EntranceLogEntry(now, "opened", "opened", "afar"))

    def learn(self, passes: list[Pass]) -> None:
        """Replace all stored codes by these."""
        self.passes = passes

    def reset(self) -> None:
        """Set it to how it left the factory: no codes, no account."""
        self.paired = False
        self.passes, self.pending_events = [], []
        self.lockout.forgive()

    def drain_events(self) -> list[EntranceLogEntry]:
        """Return the events since the last call, oldest first."""
        events, self.pending_events = self.pending_events, []
        return events

    def describe(self) -> dict[str, Any]:
        """Return its public state; no codes."""
        return {name: getattr(self, name) for name in DESCRIBED}

    def _decide(self, code: str, at: datetime) -> tuple[str, Pass | None]:
        digits = code.removeprefix("*")
        if not (digits.isascii() and digits.isdigit()):
            raise BadEntryError("this keypad has 0 to 9 and a star: type at least one")
        if not self.keypad:
            return "no-keypad", None
        if self.battery <= 0:
            return "no-power", None
        if self.lockout.holds(at):
            return "locked-out", None
        return self._read(code, at)

    def _read(self, code: str, at: datetime) -> tuple[str, Pass | None]:
        local = at + timedelta(seconds=self.clock_drift_seconds)
        reason = "wrong-code"
        for each in self.passes:
            if each.pin == code:
                reasons = [
                    refusal(s, local, self.timezone, EDGES) for s in each.schedules
                ]
                if None in reasons:
                    return "opened", each
                reason = reasons[0] or reason
        return reason, None

    def _write(self, entry: EntranceLogEntry) -> None:
        self.log.append(entry)
        self.pending_events.append(entry)
        if len(self.log) > 2 * LOG_SIZE:
            del self.log[:-LOG_SIZE]


DESCRIBED = (
    "id",
    "vendor",
    "vendor_id",
    "name",
    "kind",
    "product",
    "timezone",
    "online",
    "paired",
    "battery",
    "clock_drift_seconds",
    "keypad",
    "troubles",
)
