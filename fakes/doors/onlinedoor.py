"""A door that a cloud can open remotely, with a PIN pad and a reader beside it.

Invariants: a remote command needs a connection and is lost without one: a sent command
may have opened nothing. The PIN pad decides alone, by the permits that the door stored
while it had a connection. Its events wait in `pending_events` until the cloud reads
them. Plain data, so that a world can be stored.

    mode             a remote command           the PIN pad
    normal           opens for a pulse          opens for a pulse
    accessControl    the same                   the same
    open             is open anyhow             is open anyhow
    closed           refused                    refused
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from fakes.doors.entry import BadEntryError, Entry
from fakes.doors.lockout import Lockout  # noqa: TC001 - pydantic reads it
from fakes.doors.permit import Calendar, Permit

if TYPE_CHECKING:
    from collections.abc import Callable

LOG_SIZE = 500
MODES = ("normal", "closed", "open", "accessControl")


@dataclass(frozen=True)
class OnlineDoorLogEntry:
    """One entry of the door's own log; `ref` is the permit's owner, never a PIN."""

    at: datetime
    what: str  # entry, opened, locked, or a mode
    reason: str = ""
    ref: str | None = None
    medium: str | None = None


@dataclass
class OnlineDoor:
    """One door. `online` is its way to the cloud, `ready` its hardware."""

    id: str
    vendor: str
    vendor_id: str
    name: str
    kind: str
    timezone: str
    lockout: Lockout
    keypad: bool = False
    online: bool = True
    paired: bool = True  # with a site
    ready: bool = True
    battery: int = 100
    clock_drift_seconds: float = 0.0
    mode: str = "normal"
    bolt: str = "locked"
    contact: str = "closed"
    unlock_pulse_seconds: float = 5.0
    pin_alone: bool = True  # a PIN opens without a medium
    relocks_at: datetime | None = None
    permits: dict[str, Permit] = field(default_factory=dict)  # by whose they are
    calendar: Calendar = field(default_factory=Calendar)
    log: list[OnlineDoorLogEntry] = field(default_factory=list)
    pending_events: list[OnlineDoorLogEntry] = field(default_factory=list)

    @property
    def works(self) -> bool:
        """Whether its hardware would move."""
        return self.ready and self.battery > 0

    @property
    def reachable(self) -> bool:
        """Whether a remote command arrives."""
        return self.online and self.paired and self.works

    def answer_from_afar(self) -> str:
        """Return the result of a remote opening now; nothing changes."""
        if not self.reachable:
            return "offline"
        return "closed" if self.mode == "closed" else "opened"

    def open_from_afar(self, by: str, now: datetime) -> str:
        """Open remotely if the command arrives; return the result."""
        reason = self.answer_from_afar()
        if reason == "opened":
            self._release(now)
            self._write(OnlineDoorLogEntry(now, "opened", "from-afar", by))
        return reason

    def turn(self, mode: str, now: datetime) -> None:
        """Change the mode of operation."""
        self.mode = mode
        self.relocks_at = None
        self.bolt = "unlocked" if mode == "open" else "locked"
        self._write(OnlineDoorLogEntry(now, mode))

    def reset(self) -> None:
        """Set it to how it left the factory: no permits, no site."""
        self.paired = False
        self.mode, self.bolt, self.relocks_at = "normal", "locked", None
        self.permits, self.calendar = {}, Calendar()
        self.pending_events = []
        self.lockout.forgive()

    def relock(self, now: datetime) -> None:
        """Lock again if the pulse is over and was not prolonged."""
        if self.relocks_at is not None and now >= self.relocks_at:
            self.relocks_at = None
            self.bolt = "locked"
            self._write(OnlineDoorLogEntry(now, "locked"))

    def learn(self, permit: Permit | None, ref: str) -> None:
        """Store a permit; None deletes the permit of `ref`."""
        if permit is None:
            self.permits.pop(ref, None)
        else:
            self.permits[ref] = permit

    def probe(self, code: str, at: datetime, *, medium: str | None = None) -> Entry:
        """Return what `enter` would answer at that instant; nothing changes."""
        return _entry(self._decide(code, medium, at).reason, at)

    def enter(self, code: str, now: datetime, *, medium: str | None = None) -> Entry:
        """Type a code at the PIN pad, or hold a medium to the reader, or both."""
        decision = self._decide(code, medium, now)
        if decision.reason == "opened":
            self.lockout.forgive()
            self._release(now)
        elif decision.reason == "wrong-code":
            self.lockout.count(now)
        entry = OnlineDoorLogEntry(now, "entry", decision.reason, decision.ref, medium)
        self._write(entry)
        self.pending_events.append(entry)
        return _entry(decision.reason, now)

    def drain_events(self) -> list[OnlineDoorLogEntry]:
        """Return the events of the PIN pad since the last call, oldest first."""
        events, self.pending_events = self.pending_events, []
        return events

    def describe(self) -> dict[str, Any]:
        """Return its public state; no code."""
        return {name: getattr(self, name) for name in DESCRIBED}

    def _release(self, now: datetime) -> None:
        if self.mode != "open":
            self.bolt = "unlocked"
            self.relocks_at = now + timedelta(seconds=self.unlock_pulse_seconds)

    def _decide(self, code: str, medium: str | None, at: datetime) -> PadDecision:
        if not (code.isascii() and code.isdigit()) and (code or medium is None):
            raise BadEntryError("this PIN pad has the digits 0 to 9: type at least one")
        for reason, holds in PRECONDITIONS:
            if holds(self, medium, at):
                return PadDecision(reason)
        if self.mode == "open":
            return PadDecision("opened")
        return self._read(
            code, medium, at + timedelta(seconds=self.clock_drift_seconds)
        )

    def _read(self, code: str, medium: str | None, shown: datetime) -> PadDecision:
        """Return what the permits say, by the time that the door's clock shows."""
        days, minute = self.calendar.reads(shown, self.timezone)
        best = PadDecision("wrong-code" if medium is None else "unknown-medium")
        for permit in self._named(code, medium, shown):
            reason = permit.refusal(shown, days, minute)
            if reason is None and medium is not None and permit.needs_pin(days, minute):
                reason = None if code == permit.pin else "pin-needed"
            if reason is None:
                return PadDecision("opened", permit.ref)
            best = PadDecision(reason, permit.ref)
        return best

    def _named(self, code: str, medium: str | None, shown: datetime) -> list[Permit]:
        permits = self.permits.values()
        if medium is not None:
            return [each for each in permits if each.carries(medium, shown)]
        return [each for each in permits if each.pin == code and self.pin_alone]

    def _write(self, entry: OnlineDoorLogEntry) -> None:
        self.log.append(entry)
        if len(self.log) > 2 * LOG_SIZE:
            del self.log[:-LOG_SIZE]


class PadDecision(NamedTuple):
    """The reason, and the owner of the permit."""

    reason: str
    ref: str | None = None


PRECONDITIONS: tuple[
    tuple[str, Callable[[OnlineDoor, str | None, datetime], bool]], ...
] = (
    ("no-keypad", lambda door, medium, _at: not door.keypad and medium is None),
    ("no-power", lambda door, _medium, _at: door.battery <= 0),
    ("not-ready", lambda door, _medium, _at: not door.ready),
    ("locked-out", lambda door, _medium, at: door.lockout.holds(at)),
    ("closed", lambda door, _medium, _at: door.mode == "closed"),
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
    "ready",
    "battery",
    "clock_drift_seconds",
    "keypad",
    "mode",
    "bolt",
    "contact",
    "unlock_pulse_seconds",
)


def _entry(reason: str, at: datetime) -> Entry:
    return Entry(reason == "opened", reason, at)
