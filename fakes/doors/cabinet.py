"""A key cabinet: a keypad, a row of slots, and keys that are in or out.

Law: it decides alone, by the codes that it was told when it last had a connection
(`keycode.py`) and by where its keys are (`rack.py`). An open door moves no key by
itself: somebody takes it, puts it back, or does neither. What happened waits in
`unheard` until the cloud hears of it, once and in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from fakes.doors.keycode import Claim, Memory, Where, claims, decide
from fakes.doors.lockout import Lockout  # noqa: TC001 - pydantic reads it
from fakes.doors.rack import Rack  # noqa: TC001 - pydantic reads it
from fakes.doors.slotentry import (
    Judgement,
    Line,
    SlotEntry,
    check_entry,
    check_extra,
    judged,
)

if TYPE_CHECKING:
    from fakes.doors.rack import Key

REMEMBERED_LINES = 500
# Whoever has one PIN for several keys fetches them first
PREFERENCE = ("take", "return", "nothing", None)


@dataclass(frozen=True)
class Ajar:
    """A slot that was opened from afar and stands open for a while."""

    until: datetime
    claim: Claim


class Reach(NamedTuple):
    """A key that can be moved now: by which code, at which slot."""

    key: Key
    claim: Claim
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
    rack: Rack
    lockout: Lockout
    kind: str = "cabinet"
    keypad: bool = True
    online: bool = True
    battery: int = 100
    clock_drift_seconds: float = 0.0
    troubles: list[str] = field(default_factory=list)  # power, moved, error, wifi
    memory: Memory = field(default_factory=Memory)
    ajar: dict[int, Ajar] = field(default_factory=dict)
    log: list[Line] = field(default_factory=list)
    unheard: list[Line] = field(default_factory=list)

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
        judgement = self.judge(code, at, then, slot)
        reach = self._in_reach(judgement, then or judgement.usual)
        return judgement.entry(at, reach.key.id if reach else None)

    def enter(
        self,
        code: str,
        now: datetime,
        *,
        then: str | None = None,
        slot: int | None = None,
        **extra: Any,
    ) -> SlotEntry:
        """Type a code; `then` is what is done at the open door, `slot` says at which.

        Left out, `then` is what one does as a rule: take what lies there, put back
        what one has. Without a code the hand goes to a slot that stands open.
        """
        check_extra(extra, "a code, then and slot")
        judgement = self.judge(code, now, then, slot)
        if code:
            self._note(judgement, code, now)
        moved = self._move(judgement, then or judgement.usual, now)
        return judgement.entry(now, moved)

    def send(self, code: str, now: datetime, seconds: float) -> Judgement:
        """Type a code from afar: the door springs open, and nobody need stand there."""
        judgement = self.judge(code, now)
        if judgement.claim and judgement.slot is not None:
            self._note(judgement, code, now)
            self.open(judgement.slot, judgement.claim, now, seconds)
        return judgement

    def open(self, slot: int, claim: Claim, now: datetime, seconds: float) -> None:
        """Let a slot stand open for a while."""
        self.ajar[slot] = Ajar(now + timedelta(seconds=seconds), claim)
        self._write(Line(now, "opened", "afar", claim.kind, slot, ref=claim.ref))

    def close(self, slot: int) -> None:
        """Push a slot shut that stands open."""
        self.ajar.pop(slot, None)

    def judge(
        self, code: str, at: datetime, then: str | None = None, slot: int | None = None
    ) -> Judgement:
        """Return what the cabinet makes of a code; nothing changes."""
        check_entry(code, then, slot)
        if not code:
            return self._hand_in(slot or 0, at)
        for reason, holds in (
            ("no-keypad", not self.keypad),
            ("no-power", self.battery <= 0),
            ("locked-out", self.lockout.holds(at)),
        ):
            if holds:
                return Judgement(reason)
        found = [self.weigh(claim, at) for claim in claims(self.memory, code)]
        fitting = [each for each in found if slot in {None, each.slot}] or found
        liked = (then, *PREFERENCE)
        best = sorted(fitting, key=lambda each: liked.index(each.usual))
        return best[0] if best else Judgement("wrong-code")

    def weigh(self, claim: Claim, at: datetime) -> Judgement:
        """Return what comes of one meaning of a code, by the cabinet's own clock."""
        key = self.rack.keys.get(claim.key)
        if key is None:
            return Judgement("wrong-code")
        local = at + timedelta(seconds=self.clock_drift_seconds)
        row = decide(claim, _where(key, claim), self.memory, local)
        return judged(row, claim, self.rack.door_of(key.id))

    def learn(self, memory: Memory) -> None:
        """Know these codes, and no others."""
        self.memory = memory

    def hear_out(self) -> list[Line]:
        """Return what has happened since the last time, oldest first."""
        lines, self.unheard = self.unheard, []
        return lines

    def describe(self) -> dict[str, Any]:
        """Return what can be told about it; no codes."""
        told = {name: getattr(self, name) for name in _TOLD}
        return told | {"slots": [self._slot(slot) for slot in range(self.rack.slots)]}

    def _slot(self, slot: int) -> dict[str, Any]:
        kept, lying = self.rack.kept_for(slot), self.rack.lying_in(slot)
        return {"slot": slot, "key": kept and kept.id, "in": lying is not None}

    def _hand_in(self, slot: int, at: datetime) -> Judgement:
        ajar = self.ajar.get(slot)
        if ajar is None or at >= ajar.until:
            return Judgement("shut")
        return Judgement("opened", "LIV-07", "nothing", ajar.claim, slot)

    def _in_reach(self, judgement: Judgement, then: str | None) -> Reach | None:
        """Return the key that can be taken or put back at the open door, if any."""
        claim, slot = judgement.claim, judgement.slot
        key = self.rack.keys.get(claim.key) if claim else None
        if key is None or claim is None or slot is None:
            return None
        possible = "take" if key.is_in else "return"
        return Reach(key, claim, slot) if then == possible else None

    def _move(
        self, judgement: Judgement, then: str | None, now: datetime
    ) -> str | None:
        reach = self._in_reach(judgement, then)
        if reach is None:
            return None
        key, claim, slot = reach
        holder = key.holder
        if then == "take":
            frees = claim.grant is not None and claim.grant.frees_slot
            self.rack.take(key.id, claim.ref or claim.kind, give_up=frees)
        else:
            self.rack.put(key.id)
            self._check_out(key.id, {claim.ref, holder}, now)
        self.close(slot)
        what = "taken" if then == "take" else "returned"
        line = Line(now, what, "", claim.kind, slot, key.id, "", claim.ref, holder)
        self._write(line)
        return key.id

    def _check_out(self, key: str, refs: set[str | None], now: datetime) -> None:
        if self.memory.return_ends_grant:
            self.memory.grants = [
                replace(grant, end=now, closes=now)
                if grant.key == key and grant.ref in refs
                else grant
                for grant in self.memory.grants
            ]

    def _note(self, judgement: Judgement, code: str, now: datetime) -> None:
        """Remember a code that was typed: count it, spend it, write it down."""
        if judgement.reason == "wrong-code":
            self.lockout.count(now)
        elif judgement.opened:
            self.lockout.forgive()
            self._spend(judgement.claim, code)
        self._write(judgement.line(now, code))

    def _spend(self, claim: Claim | None, code: str) -> None:
        if claim and claim.kind == "backup" and self.memory.backup_is_spent:
            self.memory.backup[claim.key].remove(code)

    def _write(self, line: Line) -> None:
        self.log.append(line)
        if line.slot is not None:
            self.unheard.append(line)
        if len(self.log) > 2 * REMEMBERED_LINES:
            del self.log[:-REMEMBERED_LINES]


_TOLD = (
    "id",
    "vendor",
    "vendor_id",
    "name",
    "kind",
    "product",
    "timezone",
    "online",
    "battery",
    "clock_drift_seconds",
    "keypad",
    "troubles",
)


def _where(key: Key, claim: Claim) -> Where:
    if key.is_in:
        return "in"
    return "own" if key.holder == claim.ref else "away"
