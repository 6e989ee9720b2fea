"""A key cabinet: a keypad, a row of slots, and keys that are in or out.

Invariants: it decides alone, by the codes that it stored when it last had a connection
(`keycode.py`) and by where its keys are (`key_slots.py`). An open door moves no key by
itself: somebody takes it, puts it back, or does neither. Events wait in
`pending_events` until the cloud reads them, once and in order. A code is logged only if
it opened a door.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import (
    datetime,
    timedelta,
)
from typing import TYPE_CHECKING, Any, NamedTuple

from fakes.doors.entry import BadEntryError, Entry, check_extra
from fakes.doors.key_slots import KeySlots  # noqa: TC001 - pydantic reads it
from fakes.doors.keycode import CodeMeaning, Memory, Where, find_row, meanings_of
from fakes.doors.lockout import Lockout  # noqa: TC001 - pydantic reads it

if TYPE_CHECKING:
    from fakes.doors.key_slots import Key
    from fakes.doors.keycode import Row

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
    """One entry of a cabinet's log.

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
        """Whether a door opens."""
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
    """Raise BadEntryError if this cannot be typed or done at a cabinet."""
    digits = code.removeprefix("*")
    if code and not (digits.isascii() and digits.isdigit()):
        raise BadEntryError("this keypad has 0 to 9 and a star before a return code")
    if then is not None and then not in ACTS:
        raise BadEntryError(f"then {then!r}: give one of {', '.join(ACTS)}")
    if slot is not None and type(slot) is not int:
        raise BadEntryError(f"slot {slot!r}: give its number, from 0")
    if not code and slot is None:
        raise BadEntryError("type a code, or name the slot that stands open")


LOG_SIZE = 500
# A person with one PIN for several keys fetches all of them first
PREFERENCE = ("take", "return", "nothing", None)


@dataclass(frozen=True)
class OpenSlot:
    """A slot that was opened remotely and stays open for a while."""

    until: datetime
    meaning: CodeMeaning


class ReachableKey(NamedTuple):
    """A key that can be moved now: by which code, at which slot."""

    key: Key
    meaning: CodeMeaning
    slot: int


@dataclass
class Cabinet:
    """One cabinet on the wall."""

    id: str
    vendor: str
    vendor_id: str
    name: str
    product: str
    timezone: str
    key_slots: KeySlots
    lockout: Lockout
    kind: str = "cabinet"
    keypad: bool = True
    online: bool = True
    paired: bool = True  # with an account
    battery: int = 100
    clock_drift_seconds: float = 0.0
    troubles: list[str] = field(default_factory=list)  # power, moved, error, wifi
    memory: Memory = field(default_factory=Memory)
    open_slots: dict[int, OpenSlot] = field(default_factory=dict)
    log: list[CabinetLogEntry] = field(default_factory=list)
    pending_events: list[CabinetLogEntry] = field(default_factory=list)

    @property
    def connected(self) -> bool:
        """Whether its cloud can reach it: it is online, and paired."""
        return self.online and self.paired

    def probe(
        self,
        code: str,
        at: datetime,
        *,
        then: str | None = None,
        slot: int | None = None,
        **extra: Any,
    ) -> SlotEntry:
        """Return what `enter` would answer at that instant; nothing changes."""
        check_extra(extra, "a code, then and slot")
        decision = self.decide(code, at, then, slot)
        reachable = self._reachable_key(decision, then or decision.usual)
        return decision.entry(at, reachable.key.id if reachable else None)

    def enter(
        self,
        code: str,
        now: datetime,
        *,
        then: str | None = None,
        slot: int | None = None,
        **extra: Any,
    ) -> SlotEntry:
        """Type a code; `then` is the action at the open door of `slot`.

        Left out, `then` is what one does as a rule: take what lies there, put back
        what one has. Without a code the hand goes to a slot that stands open.
        """
        check_extra(extra, "a code, then and slot")
        decision = self.decide(code, now, then, slot)
        if code:
            self._note(decision, code, now)
        moved = self._move(decision, then or decision.usual, now)
        return decision.entry(now, moved)

    def send(self, code: str, now: datetime, seconds: float) -> CabinetDecision:
        """Type a code remotely: the door opens without anybody in front of it."""
        decision = self.decide(code, now)
        if decision.meaning and decision.slot is not None:
            self._note(decision, code, now)
            self.open(decision.slot, decision.meaning, now, seconds)
        return decision

    def open(
        self, slot: int, meaning: CodeMeaning, now: datetime, seconds: float
    ) -> None:
        """Open a slot for a while."""
        self.open_slots[slot] = OpenSlot(now + timedelta(seconds=seconds), meaning)
        self._write(
            CabinetLogEntry(now, "opened", "afar", meaning.kind, slot, ref=meaning.ref)
        )

    def close(self, slot: int) -> None:
        """Close a slot."""
        self.open_slots.pop(slot, None)

    def decide(
        self, code: str, at: datetime, then: str | None = None, slot: int | None = None
    ) -> CabinetDecision:
        """Return the decision about a code; nothing changes."""
        check_entry(code, then, slot)
        if not code:
            return self._hand_in(slot or 0, at)
        for reason, holds in (
            ("no-keypad", not self.keypad),
            ("no-power", self.battery <= 0),
            ("locked-out", self.lockout.holds(at)),
        ):
            if holds:
                return CabinetDecision(reason)
        found = [self.weigh(meaning, at) for meaning in meanings_of(self.memory, code)]
        fitting = [each for each in found if slot in {None, each.slot}] or found
        liked = (then, *PREFERENCE)
        best = sorted(fitting, key=lambda each: liked.index(each.usual))
        return best[0] if best else CabinetDecision("wrong-code")

    def weigh(self, meaning: CodeMeaning, at: datetime) -> CabinetDecision:
        """Return the decision for one meaning of a code, by the cabinet's own clock."""
        key = self.key_slots.keys.get(meaning.key)
        if key is None:
            return CabinetDecision("wrong-code")
        local = at + timedelta(seconds=self.clock_drift_seconds)
        row = find_row(meaning, _where(key, meaning), self.memory, local)
        return decision_of(row, meaning, self.key_slots.door_of(key.id))

    def learn(self, memory: Memory) -> None:
        """Replace all stored codes by these."""
        self.memory = memory

    def reset(self) -> None:
        """Set it to how it left the factory: no codes, no account; keys stay put."""
        self.paired = False
        self.memory = Memory()
        self.open_slots, self.pending_events = {}, []
        self.lockout.forgive()

    def drain_events(self) -> list[CabinetLogEntry]:
        """Return the events since the last call, oldest first."""
        events, self.pending_events = self.pending_events, []
        return events

    def describe(self) -> dict[str, Any]:
        """Return its public state; no codes."""
        described = {name: getattr(self, name) for name in DESCRIBED}
        return described | {
            "slots": [self._slot(slot) for slot in range(self.key_slots.slots)]
        }

    def _slot(self, slot: int) -> dict[str, Any]:
        kept, lying = self.key_slots.kept_for(slot), self.key_slots.lying_in(slot)
        return {"slot": slot, "key": kept and kept.id, "in": lying is not None}

    def _hand_in(self, slot: int, at: datetime) -> CabinetDecision:
        open_slot = self.open_slots.get(slot)
        if open_slot is None or at >= open_slot.until:
            return CabinetDecision("shut")
        return CabinetDecision("opened", OPEN_SLOT, "nothing", open_slot.meaning, slot)

    def _reachable_key(
        self, decision: CabinetDecision, then: str | None
    ) -> ReachableKey | None:
        """Return the key that can be taken or put back at the open door, if any."""
        meaning, slot = decision.meaning, decision.slot
        key = self.key_slots.keys.get(meaning.key) if meaning else None
        if key is None or meaning is None or slot is None:
            return None
        possible = "take" if key.is_in else "return"
        return ReachableKey(key, meaning, slot) if then == possible else None

    def _move(
        self, decision: CabinetDecision, then: str | None, now: datetime
    ) -> str | None:
        reachable = self._reachable_key(decision, then)
        if reachable is None:
            return None
        key, meaning, slot = reachable
        holder = key.holder
        if then == "take":
            frees = meaning.grant is not None and meaning.grant.frees_slot
            self.key_slots.take(key.id, meaning.ref or meaning.kind, give_up=frees)
        else:
            self.key_slots.put(key.id)
            self._check_out(key.id, {meaning.ref, holder}, now)
        self.close(slot)
        what = "taken" if then == "take" else "returned"
        log_entry = CabinetLogEntry(
            now, what, "", meaning.kind, slot, key.id, "", meaning.ref, holder
        )
        self._write(log_entry)
        return key.id

    def _check_out(self, key: str, refs: set[str | None], now: datetime) -> None:
        if self.memory.return_ends_grant:
            self.memory.grants = [
                replace(grant, end=now, closes=now)
                if grant.key == key and grant.ref in refs
                else grant
                for grant in self.memory.grants
            ]

    def _note(self, decision: CabinetDecision, code: str, now: datetime) -> None:
        """Record a typed code: count a wrong one, spend a backup code, log it."""
        if decision.reason == "wrong-code":
            self.lockout.count(now)
        elif decision.opened:
            self.lockout.forgive()
            self._spend(decision.meaning, code)
        self._write(decision.log_entry(now, code))

    def _spend(self, meaning: CodeMeaning | None, code: str) -> None:
        if meaning and meaning.kind == "backup" and self.memory.backup_is_spent:
            self.memory.backup[meaning.key].remove(code)

    def _write(self, log_entry: CabinetLogEntry) -> None:
        self.log.append(log_entry)
        if log_entry.slot is not None:
            self.pending_events.append(log_entry)
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


def _where(key: Key, meaning: CodeMeaning) -> Where:
    if key.is_in:
        return "in"
    return "own" if key.holder == meaning.ref else "away"
