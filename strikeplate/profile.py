"""The resolved profile: what is judged, how it is reached, which results to expect.

`profiles/` reads the file; here stands what the rest of strikeplate asks of it, with
what follows from it: an external subject without `[api]` lacks the capability `api`.

`capabilities.toml`, beside the rules, lists what a subject may lack. Where it names a
call and the profile names the statuses of the refusal, the harness makes that call: a
capability that is declared absent but answers otherwise is an error in the profile.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from strikeplate import FEATURES
from strikeplate.adapter import load
from strikeplate.needs import ACTIONS
from strikeplate.profiles.checks import Vocabulary
from strikeplate.profiles.read import read
from strikeplate.toml_file import read_toml, suggest
from strikeplate.verdict import HarnessFault, Misuse, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from strikeplate.profiles.shape import Known as Entry
    from strikeplate.profiles.shape import Profile as Declared
    from strikeplate.toml_file import Declaration

CAPABILITIES_FILE = "capabilities.toml"


@dataclass(frozen=True)
class Capability:
    """One thing a subject may lack: what it means, and the call that shows it."""

    name: str
    meaning: str
    probe: str | None = None


@dataclass(frozen=True)
class Refusal:
    """One absent capability, and the statuses that confirm it."""

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


def read_capabilities(root: Path) -> dict[str, Capability]:
    """Return the capabilities listed beside the rules; none when there is no list."""
    path = root / CAPABILITIES_FILE
    if not path.exists():
        return {}
    declared = read_toml(path)
    return {name: _capability(declared, name) for name in declared.content}


def _capability(declared: Declaration, name: str) -> Capability:
    table = declared.table(name, ("meaning", "probe"))
    probe = declared.text(table, "probe", name) if "probe" in table else None
    return Capability(name, declared.text(table, "meaning", name), probe)


def checkable_refusals(
    profile: Profile, known: dict[str, Capability]
) -> tuple[Refusal, ...]:
    """Return every absence that can be checked by a call."""
    return tuple(
        Refusal(known[absence.capability], absence)
        for absence in profile.absences
        if absence.refuses and known[absence.capability].probe
    )


def check_refusal(refusal: Refusal, subject: Probed) -> None:
    """Raise `HarnessFault` if the subject does not refuse what its profile says."""
    method, _, path = (refusal.capability.probe or "").partition(" ")
    status = subject.status(method, path)
    if status not in refusal.absence.refuses:
        expected = " or ".join(map(str, refusal.absence.refuses))
        raise HarnessFault(
            f"the profile says {refusal.capability.name} is absent and refused by"
            f" {expected}, yet {method} {path} answers {status}; correct the profile"
        )


PROFILES = FEATURES / "profiles"
START = datetime(2026, 12, 1, 8, tzinfo=UTC)
EXPECTED = tuple(v.value for v in Verdict if v.judged and v is not Verdict.PASS)
"""The verdicts that a known failure may have."""


@dataclass(frozen=True)
class Clock:
    """How the subject's clock is driven, and the instant (UTC) it starts from."""

    control: str = "injected"
    start: datetime = START


@dataclass(frozen=True)
class Absence:
    """A capability the subject lacks: why, and the statuses by which it refuses."""

    capability: str
    reason: str
    refuses: tuple[int, ...] = ()


@dataclass(frozen=True)
class KnownFailure:
    """A failure that is expected: exactly this verdict, until the entry is removed."""

    rule: str
    verdict: Verdict
    reason: str
    scenario: str | None = None
    target: str | None = None


@dataclass(frozen=True)
class Profile:
    """What is tested, and which results to expect."""

    profile: str
    name: str
    version: str
    subjects: tuple[str, ...]
    vendors: tuple[str, ...] = ("fake",)
    clock: Clock = Clock()
    absences: tuple[Absence, ...] = ()
    known: tuple[KnownFailure, ...] = ()
    digest: str = ""
    supported: tuple[str, ...] | None = None
    default_vendor: str = ""
    declared: Declared | None = None
    tolerance: timedelta | None = timedelta(minutes=5)
    """How old an event may be that its platform signed; None where nothing says so."""

    locks: tuple[str, ...] = ()
    """Locks of a vendor's own server that scenarios may use, by name or id."""

    source: Path = FEATURES
    """Its file; paths in it are relative to that file's folder."""

    def supports(self, vendor: str) -> bool:
        """Say whether the subject opens that vendor's locks."""
        return self.supported is None or vendor in self.supported

    def unsupported(self, vendor: str) -> str:
        """Return why the rules of a vendor do not apply."""
        known = ", ".join(self.supported or ()) or "no vendor"
        return f"its profile names {known} as what it supports, not {vendor}"

    def absence(self, capability: str) -> Absence | None:
        """Return why the capability is absent, or None when it is there."""
        return next((a for a in self.absences if a.capability == capability), None)


def load_profile(
    name: str,
    capabilities: Iterable[str],
    rules: Iterable[str],
    vendors: Mapping[str, tuple[str, ...]] | None = None,
) -> Profile:
    """Return the profile of that name in `profiles/`, or of that file.

    `capabilities` and `rules` are the words that exist, `vendors` those that exist with
    the names of their credentials; others are refused.
    """
    path = Path(name) if name.endswith(".toml") else PROFILES / f"{name}.toml"
    if not path.exists():
        hint = suggest(path.stem, (found.stem for found in PROFILES.glob("*.toml")))
        text = f"{path.name}: no such profile at {path}; {hint}, or the path of a .toml"
        raise Misuse(text)
    words = Vocabulary(
        vendors=vendors or {},
        rules=tuple(rules),
        capabilities=tuple(capabilities),
        verdicts=EXPECTED,
        actions=ACTIONS,
    )
    found = resolved(path, read(path, words), words)
    _check_adapter(found)
    return found


def _check_adapter(profile: Profile) -> None:
    """Raise `Misuse` for an adapter that is wrong, or lacks a method."""
    declared = profile.declared
    if declared is None or declared.adapter is None:
        return
    found = load(declared.adapter, profile.source.parent)
    if declared.events is None and not found.has("calls"):
        text = "its profile has no [events], and its adapter no method 'calls'"
        raise Misuse(f"{text}: how is a booking told?")
    if declared.clock.control == "adapter" and not found.has("set_time"):
        raise Misuse("[clock] control = \"adapter\" needs its method 'set_time'")


def resolved(path: Path, declared: Declared, words: Vocabulary) -> Profile:
    """Return what a file declares, with what follows from it."""
    subject, clock = declared.subject, declared.clock
    external = declared.run is not None
    control = clock.control or ("none" if external else "injected")
    named = tuple(subject.vendors or words.vendors)
    runs = (f"external:{subject.name}",) if external else ()
    own = () if external and "vendor" not in declared.model_fields_set else ("fake",)
    return Profile(
        profile=path.stem,
        name=subject.name,
        version=subject.version,
        subjects=_texts(subject.connect) or runs,
        vendors=_texts(declared.vendor.connect) if own else (),
        clock=Clock(control, (clock.start or START).astimezone(UTC)),
        absences=(*_absences(declared), *_following(declared)),
        known=tuple(_known(each) for each in declared.known_failures),
        digest="sha256:" + hashlib.sha256(path.read_bytes()).hexdigest(),
        supported=tuple(subject.vendors) if subject.vendors else None,
        default_vendor=subject.default_vendor or (named[0] if named else ""),
        declared=declared,
        tolerance=_tolerance(declared),
        locks=_texts(declared.vendor.lock),
        source=path.resolve(),
    )


def _tolerance(declared: Declared) -> timedelta | None:
    """Return how old an event may be: as declared, or as Standard Webhooks say."""
    signature = declared.signature
    standard = declared.run is None or signature.scheme == "standard-webhooks"
    return signature.tolerance or (timedelta(minutes=5) if standard else None)


def _texts(value: str | list[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def _absences(declared: Declared) -> Iterator[Absence]:
    for name, value in declared.capabilities.items():
        if isinstance(value, bool):
            continue
        yield Absence(name, value.reason, tuple(value.refuses))


def _following(declared: Declared) -> Iterator[Absence]:
    """Yield what an external subject lacks by what its profile does not declare."""
    if declared.run is None:
        return
    if declared.clock.control in {None, "none"}:
        yield Absence("clock", 'its clock cannot be set ([clock] control = "none")')
    if not declared.api:
        yield Absence(
            "api", "its profile has no [api]: its owner's actions are no calls"
        )
    if not any("{folder}" in text for text in declared.run.env.values()):
        yield Absence("storage", "nothing in [run.env] has it store in {folder}")
    if declared.run.url is not None:
        yield Absence("restart", "it runs elsewhere; [run] command would start it here")


def _known(entry: Entry) -> KnownFailure:
    return KnownFailure(
        entry.rule, Verdict(entry.verdict), entry.reason, entry.scenario, entry.target
    )
