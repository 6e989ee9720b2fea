"""How a key cabinet decides about a code: one table.

Invariants: pure. The decision depends on the code's kind, on where the key is (as seen
by the person with the code), and on the phase of the contract; the first row that fits
decides. A static
return code opens an empty slot only, so it never gives a key out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - pydantic reads it
from typing import Literal, NamedTuple

Phase = Literal["upcoming", "active", "grace", "closed"]
Where = Literal["in", "own", "away"]  # in its slot; out with the typist; with another
Usual = Literal["take", "return", "nothing"]  # what one does at the open door

ANY = "any"
SHUT: Usual | None = None


@dataclass(frozen=True)
class Grant:
    """A contract's code for one key, as the cabinet stores it.

    `closes` is the end with the grace added; both ends are exclusive, none is never.
    """

    ref: str
    key: str
    pin: str
    kind: str  # default, fetch, return
    start: datetime
    end: datetime | None
    closes: datetime | None
    frees_slot: bool = False

    def phase(self, at: datetime) -> Phase:
        """Return the phase of the contract at an instant."""
        if at < self.start:
            return "upcoming"
        if self.end is None or at < self.end:
            return "active"
        return "grace" if self.closes is None or at < self.closes else "closed"


@dataclass
class Memory:
    """All the codes that a cabinet stores, and its switches."""

    grants: list[Grant] = field(default_factory=list)
    static: dict[str, str] = field(default_factory=dict)  # by key
    backup: dict[str, list[str]] = field(default_factory=dict)  # by key
    grace_allows_fetch: bool = False
    return_ends_grant: bool = False
    backup_is_spent: bool = True


class CodeMeaning(NamedTuple):
    """One meaning of a typed code: its kind, its key, its contract."""

    kind: str  # a grant's, or static, or backup
    key: str
    ref: str | None = None
    grant: Grant | None = None

    def phase(self, at: datetime) -> str:
        """Return the contract's phase; a code without a contract has none."""
        return self.grant.phase(at) if self.grant else ANY


class Row(NamedTuple):
    """One row of the table: without a `usual` action the door stays shut.

    `case` names the situation; a vendor maps it to the rule that decided.
    """

    kind: str
    where: str
    phase: str
    usual: Usual | None
    reason: str
    case: str
    only_if: str = ""  # a switch of the memory

    def fits(self, kind: str, where: str, phase: str, memory: Memory) -> bool:
        """Whether this row fits."""
        return (
            self.kind == kind
            and self.where in {where, ANY}
            and self.phase in {phase, ANY}
            and (not self.only_if or getattr(memory, self.only_if))
        )


TABLE = (
    # A code that fetches and returns.
    Row("default", ANY, "upcoming", SHUT, "early", "not-yet"),
    Row("default", "in", "active", "take", "opened", "fetch"),
    Row("default", "own", "active", "return", "opened", "return"),
    Row("default", "away", "active", "nothing", "empty", "away"),
    Row("default", "own", "grace", "return", "opened", "grace"),
    Row("default", "in", "grace", "take", "opened", "grace", "grace_allows_fetch"),
    Row("default", ANY, ANY, SHUT, "over", "ended"),
    # A code that only fetches.
    Row("fetch", ANY, "upcoming", SHUT, "early", "not-yet"),
    Row("fetch", "in", "active", "take", "opened", "fetch"),
    Row("fetch", "own", "active", SHUT, "fetched", "fetched"),
    Row("fetch", "away", "active", "nothing", "empty", "away"),
    Row("fetch", ANY, ANY, SHUT, "over", "ended"),
    # A code that only returns, whoever fetched.
    Row("return", ANY, "upcoming", SHUT, "early", "not-yet"),
    Row("return", ANY, "closed", SHUT, "over", "ended"),
    Row("return", "in", ANY, SHUT, "key-in", "return"),
    Row("return", ANY, "active", "return", "opened", "return"),
    Row("return", ANY, "grace", "return", "opened", "grace"),
    # Codes without a contract.
    Row("static", "in", ANY, SHUT, "key-in", "static"),
    Row("static", ANY, ANY, "return", "opened", "static"),
    Row("backup", "in", ANY, "take", "opened", "backup"),
    Row("backup", ANY, ANY, "return", "opened", "backup"),
)


def find_row(meaning: CodeMeaning, where: Where, memory: Memory, at: datetime) -> Row:
    """Return the row that decides about a code at an instant."""
    phase = meaning.phase(at)
    return next(row for row in TABLE if row.fits(meaning.kind, where, phase, memory))


def meanings_of(memory: Memory, typed: str) -> list[CodeMeaning]:
    """Return every meaning of a typed code; a static code is typed after a star."""
    if typed.startswith("*"):
        keys = (key for key, code in memory.static.items() if code == typed[1:])
        return [CodeMeaning("static", key) for key in keys]
    found = [
        CodeMeaning(grant.kind, grant.key, grant.ref, grant)
        for grant in memory.grants
        if grant.pin == typed
    ]
    keys = (key for key, codes in memory.backup.items() if typed in codes)
    return found + [CodeMeaning("backup", key) for key in keys]
