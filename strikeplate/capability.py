"""Capabilities: what a subject may lack, as one closed list read from one file.

Absence is a claim like any other. Where the list names a probe and the profile says by
which statuses the subject refuses, the harness makes that call: a capability that is
declared absent, yet answers otherwise, is an error in the profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from strikeplate import declaration
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from pathlib import Path

    from strikeplate.declaration import Declaration
    from strikeplate.profile import Absence, Profile

FILE = "capabilities.toml"


@dataclass(frozen=True)
class Capability:
    """One thing a subject may lack: what it means, and the call that shows it."""

    name: str
    meaning: str
    probe: str | None = None


@dataclass(frozen=True)
class Refusal:
    """One absent capability, and the statuses that bear its absence out."""

    capability: Capability
    absence: Absence

    @property
    def title(self) -> str:
        """The claim that is checked."""
        return f"The absent capability {self.capability.name} is refused"


class Probed(Protocol):
    """What a probe needs of a subject."""

    def status(self, method: str, path: str) -> int:
        """Return the status by which the subject answers a call without a body."""


def read(root: Path) -> dict[str, Capability]:
    """Return the capabilities listed beside the rules; none when there is no list."""
    path = root / FILE
    if not path.exists():
        return {}
    declared = declaration.read(path)
    return {name: _capability(declared, name) for name in declared.content}


def _capability(declared: Declaration, name: str) -> Capability:
    table = declared.table(name, ("meaning", "probe"))
    probe = declared.text(table, "probe", name) if "probe" in table else None
    return Capability(name, declared.text(table, "meaning", name), probe)


def refusals(profile: Profile, known: dict[str, Capability]) -> tuple[Refusal, ...]:
    """Return every absence that can be checked by a call."""
    return tuple(
        Refusal(known[absence.capability], absence)
        for absence in profile.absences
        if absence.refuses and known[absence.capability].probe
    )


def check(refusal: Refusal, subject: Probed) -> None:
    """Raise when the subject does not refuse what its profile says it lacks."""
    method, _, path = (refusal.capability.probe or "").partition(" ")
    status = subject.status(method, path)
    if status not in refusal.absence.refuses:
        expected = " or ".join(map(str, refusal.absence.refuses))
        raise HarnessFault(
            f"the profile says {refusal.capability.name} is absent and refused by"
            f" {expected}, yet {method} {path} answers {status}; correct the profile"
        )
