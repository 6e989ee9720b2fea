"""What an entry at a key cabinet comes to, and what the cabinet writes down of it.

Invariants: plain data. A code is written down only if it opened a door.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic reads it
from typing import TYPE_CHECKING, Any, NamedTuple

from fakes.doors.entry import BadEntryError, Entry

if TYPE_CHECKING:
    from fakes.doors.keycode import CodeMeaning, Row

ACTS = ("take", "return", "nothing")
NO_CONTRACT = "no-contract"  # the code has no meaning here, or was not read
OPEN_SLOT = "open-slot"  # no code: the slot was opened remotely


@dataclass(frozen=True)
class SlotEntry(Entry):
    """An entry at a cabinet: which slot opened, and the key that was moved, if any.

    `case` is the situation that decided, as `keycode.TABLE` names it.
    """

    slot: int | None = None
    key: str | None = None
    case: str = NO_CONTRACT

    def details(self) -> dict[str, Any]:
        """Return the slot and the key."""
        return {"slot": self.slot, "key": self.key}


@dataclass(frozen=True)
class CabinetLogEntry:
    """One line of a cabinet's log.

    `ref` is the contract whose code was typed, `holder` the one that had the key.
    """

    at: datetime
    what: str  # entry, taken, returned, opened
    reason: str = ""
    kind: str = ""  # of the code
    slot: int | None = None
    key: str | None = None
    code: str = ""
    ref: str | None = None
    holder: str | None = None


class CabinetDecision(NamedTuple):
    """What a cabinet decides about a code: the reason, and the slot that opens."""

    reason: str
    case: str = NO_CONTRACT
    usual: str | None = None  # the usual action at the open door
    meaning: CodeMeaning | None = None
    slot: int | None = None

    @property
    def opened(self) -> bool:
        """Whether a door springs open."""
        return self.slot is not None

    def entry(self, at: datetime, moved: str | None = None) -> SlotEntry:
        """Return the entry that this decision leads to."""
        return SlotEntry(self.opened, self.reason, at, self.slot, moved, self.case)

    def log_entry(self, at: datetime, code: str) -> CabinetLogEntry:
        """Return the log entry; only a code that opened is stored."""
        if self.meaning is None or not self.opened:
            return CabinetLogEntry(at, "entry", self.reason)
        kind, key, ref, _grant = self.meaning
        return CabinetLogEntry(
            at, "entry", self.reason, kind, self.slot, key, code, ref
        )


def decision_of(row: Row, meaning: CodeMeaning, slot: int | None) -> CabinetDecision:
    """Return the decision of a row; `slot` is the one whose door it is about."""
    if row.usual is None:
        return CabinetDecision(row.reason, row.case, None, meaning)
    if slot is None:
        return CabinetDecision("no-slot", row.case, None, meaning)
    return CabinetDecision(row.reason, row.case, row.usual, meaning, slot)


def check_entry(code: str, then: str | None, slot: int | None) -> None:
    """Return if this can be typed and done at a cabinet; BadEntryError says why not."""
    digits = code.removeprefix("*")
    if code and not (digits.isascii() and digits.isdigit()):
        raise BadEntryError("this keypad has 0 to 9 and a star before a return code")
    if then is not None and then not in ACTS:
        raise BadEntryError(f"then {then!r}: give one of {', '.join(ACTS)}")
    if slot is not None and type(slot) is not int:
        raise BadEntryError(f"slot {slot!r}: give its number, from 0")
    if not code and slot is None:
        raise BadEntryError("type a code, or name the slot that stands open")
