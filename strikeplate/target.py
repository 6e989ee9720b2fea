"""Targets: what one scenario run is held against, named by one connect text.

inprocess:PACKAGE   an integration, called in this process       -> id inprocess
http:service        ours, served by processes the harness starts -> id http
http:URL            an integration that runs elsewhere           -> id http
mutant:NAME         a known-bad integration                      -> id mutant
fake                our fake vendors, as a vendor's server       -> id fake
http:URL            fakes elsewhere, or a vendor's own server    -> id vendor
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from strikeplate.suggestion import suggest
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterable

Role = Literal["service", "vendor"]

IDS: dict[Role, dict[str, str]] = {
    "service": {"inprocess": "inprocess", "http": "http", "mutant": "mutant"},
    "vendor": {"fake": "fake", "http": "vendor", "mutant": "mutant"},
}
"""The kinds of connection each role knows, and the id a run is shown by."""


@dataclass(frozen=True)
class Target:
    """One thing that is judged: its role, how to reach it, and its short id."""

    role: Role
    connect: str
    id: str

    @property
    def kind(self) -> str:
        """The word before the colon: inprocess, http, mutant or fake."""
        return self.connect.partition(":")[0]

    @property
    def address(self) -> str:
        """What follows the colon: a package, a URL or a mutant's name."""
        return self.connect.partition(":")[2]


def targets(role: Role, connects: Iterable[str]) -> tuple[Target, ...]:
    """Return one target per connect text; a second of one kind is numbered."""
    seen: Counter[str] = Counter()
    found = []
    for connect in connects:
        word = _id(role, connect)
        seen[word] += 1
        number = "" if seen[word] == 1 else str(seen[word])
        found.append(Target(role, connect, word + number))
    return tuple(found)


def _id(role: Role, connect: str) -> str:
    kind, _, address = connect.partition(":")
    known = IDS[role]
    if kind not in known:
        hint = suggest(kind, known)
        raise Misuse(f"cannot connect to {connect!r}: unknown kind; {hint}")
    if not address and kind != "fake":
        raise Misuse(f"cannot connect to {connect!r}: write {kind}:WHAT")
    return known[kind]
