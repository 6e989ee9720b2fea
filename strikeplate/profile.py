"""Profiles: one TOML file declares what is tested and which results to expect.

    [subject]                        # the integration, or the vendor, by its own name
    name = "reference service"
    version = "0.1.0"
    connect = ["inprocess:service", "http:service"]   # one text or several
    vendors = ["igloohome"]          # whose locks it opens; all there are unless given
    default_vendor = "igloohome"     # meant where none is named; else the first of them
    [vendor]
    connect = "fake"                 # fake | http:URL
    [clock]
    control = "injected"             # injected | endpoint | none
    start = 2026-12-01T08:00:00Z     # the virtual instant at which scenarios begin
    endpoint = "/test-clock"         # only with control = "endpoint"
    [capabilities]                   # all are taken to be there unless said otherwise
    sms = { supported = false, reason = "no gateway yet", refuses = [501] }
    [settings]                       # free texts for the adapter of this subject
    api_token_env = "ACME_TOKEN"     # name the variable, never write the secret
    [[known-failures]]
    rule = "CON-08"                  # optionally: scenario, target
    verdict = "fail"
    reason = "the overview forgets codes of the past"

Every mistake in a TOML file is an error that names the file, the value and the fix. An
unknown word is an error with the nearest known word.

`capabilities.toml`, beside the rules, lists what a subject may lack. Where it names a
call and the profile names the statuses of the refusal, the harness makes that call: a
capability that is declared absent but answers otherwise is an error in the profile.
"""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from strikeplate import FEATURES
from strikeplate.verdict import HarnessFault, Misuse, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def suggest(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, then all of them."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    meant = f"did you mean {close[0]!r}? " if close else ""
    return f"{meant}Known: {', '.join(words) or 'none'}"


Table = dict[
    str, Any
]  # as tomllib gives it; each value is checked when it is asked for


@dataclass(frozen=True)
class Declaration:
    """One TOML file: its name, its content and a digest of its bytes."""

    file: str
    content: Table
    digest: str

    def error(self, text: str) -> Misuse:
        """Return a `Misuse` error that names the file."""
        return Misuse(f"{self.file}: {text}")

    def only(self, table: Iterable[str], known: Iterable[str], kind: str) -> None:
        """Raise `Misuse` for an unknown word."""
        words = tuple(known)
        for word in table:
            if word not in words:
                raise self.error(f"unknown {kind} {word!r}; {suggest(word, words)}")

    def table(self, name: str, keys: Iterable[str] | None = None) -> Table:
        """Return a table, empty when it is not there; `keys` are all it may hold."""
        found = self.content.get(name, {})
        if not isinstance(found, dict):
            raise self.error(f"[{name}] must be a table, not {found!r}")
        if keys is not None:
            self.only(found, keys, f"key in [{name}]:")
        return found

    def entries(self, name: str, keys: Iterable[str]) -> list[Table]:
        """Return the tables of one list, such as all [[name]]."""
        found = self.content.get(name, [])
        if not isinstance(found, list) or not all(isinstance(e, dict) for e in found):
            raise self.error(f"[[{name}]] must be a list of tables, not {found!r}")
        for entry in found:
            self.only(entry, keys, f"key in [[{name}]]:")
        return found

    def text(self, table: Table, key: str, where: str) -> str:
        """Return a text that is not empty."""
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"[{where}] {key} must be a text, got {value!r}")
        return value

    def texts(
        self, table: Table, key: str, where: str, default: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        """Return one text or several."""
        value = table.get(key, list(default))
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise self.error(f"[{where}] {key} must be texts, got {value!r}")
        return tuple(values)

    def choice(self, value: object, known: Iterable[str], what: str) -> str:
        """Return one of the known words."""
        words = tuple(known)
        if not isinstance(value, str) or value not in words:
            hint = suggest(str(value), words)
            raise self.error(f"{what} {value!r} is unknown; {hint}")
        return value


def read_toml(path: Path) -> Declaration:
    """Return the content of a file; `Misuse` if it is no TOML."""
    raw = path.read_bytes()
    digest = "sha256:" + hashlib.sha256(raw).hexdigest()
    try:
        return Declaration(path.name, tomllib.loads(raw.decode()), digest)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misuse(f"{path.name}: is no TOML: {error}") from None


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
CONTROLS = ("injected", "endpoint", "none")
START = datetime(2026, 12, 1, 8, tzinfo=UTC)
EXPECTED = tuple(v.value for v in Verdict if v.judged and v is not Verdict.PASS)
"""The verdicts that a known failure may have."""


@dataclass(frozen=True)
class Clock:
    """How the subject's clock is driven, and the instant (UTC) it starts from."""

    control: str = "injected"
    start: datetime = START
    endpoint: str | None = None


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
    settings: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""
    supported: tuple[str, ...] | None = None
    default_vendor: str = ""

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


SUBJECT = ("name", "version", "connect", "vendors", "default_vendor")
TABLES = ("subject", "vendor", "clock", "capabilities", "settings", "known-failures")


def load_profile(
    name: str,
    capabilities: Iterable[str],
    rules: Iterable[str],
    vendors: Iterable[str] = (),
) -> Profile:
    """Return the profile of that name in `profiles/`, or of that file.

    `capabilities`, `rules` and `vendors` are the words that exist; others are refused.
    """
    path = Path(name) if name.endswith(".toml") else PROFILES / f"{name}.toml"
    if not path.exists():
        hint = suggest(path.stem, (found.stem for found in PROFILES.glob("*.toml")))
        text = f"{path.name}: no such profile at {path}; {hint}, or the path of a .toml"
        raise Misuse(text)
    declared = read_toml(path)
    found = _profile(path.stem, declared, capabilities, rules)
    supported, default = _vendors(declared, tuple(vendors))
    return replace(found, supported=supported, default_vendor=default)


def _profile(
    name: str,
    declared: Declaration,
    capabilities: Iterable[str],
    rules: Iterable[str],
) -> Profile:
    declared.only(declared.content, TABLES, "table")
    subject = declared.table("subject", SUBJECT)
    vendor = declared.table("vendor", ("connect",))
    settings = declared.table("settings")
    return Profile(
        profile=name,
        name=declared.text(subject, "name", "subject"),
        version=declared.text(subject, "version", "subject"),
        subjects=declared.texts(subject, "connect", "subject"),
        vendors=declared.texts(vendor, "connect", "vendor", default=("fake",)),
        clock=_clock(declared),
        absences=_absences(declared, capabilities),
        known=_known(declared, rules),
        settings={key: declared.text(settings, key, "settings") for key in settings},
        digest=declared.digest,
    )


def _vendors(
    declared: Declaration, known: tuple[str, ...]
) -> tuple[tuple[str, ...] | None, str]:
    """Return the vendors that the subject supports, and the one meant by default."""
    subject = declared.table("subject")
    named = declared.texts(subject, "vendors", "subject", default=known)
    for vendor in named:
        declared.choice(vendor, known, "[subject] vendors:")
    usual = subject.get("default_vendor")
    if usual is None:
        return (named if "vendors" in subject else None), named[0] if named else ""
    default = declared.choice(usual, named, "[subject] default_vendor")
    return (named if "vendors" in subject else None), default


def _clock(declared: Declaration) -> Clock:
    table = declared.table("clock", ("control", "start", "endpoint"))
    control = table.get("control", "injected")
    declared.choice(control, CONTROLS, "[clock] control")
    start = table.get("start", START)
    if not isinstance(start, datetime) or start.tzinfo is None:
        text = f"[clock] start must be an instant with its offset, got {start!r}"
        raise declared.error(text)
    endpoint = table.get("endpoint")
    if (control == "endpoint") != isinstance(endpoint, str):
        text = f"[clock] endpoint goes with control = 'endpoint', not {control!r}"
        raise declared.error(text)
    return Clock(control, start.astimezone(UTC), endpoint)


def _absences(declared: Declaration, known: Iterable[str]) -> tuple[Absence, ...]:
    table = declared.table("capabilities")
    declared.only(table, known, "capability")
    entries = (_absence(declared, name, value) for name, value in table.items())
    return tuple(entry for entry in entries if entry)


def _absence(declared: Declaration, name: str, value: object) -> Absence | None:
    if value is True:
        return None
    if not isinstance(value, dict):
        text = f"capability {name!r} is absent: give its reason, as in "
        example = '{ supported = false, reason = "...", refuses = [501] }'
        raise declared.error(text + example)
    declared.only(value, ("supported", "reason", "refuses"), f"key of {name!r}:")
    if value.get("supported") is not False:
        raise declared.error(f"capability {name!r}: write true, or supported = false")
    reason = declared.text(value, "reason", f"capabilities.{name}")
    refuses = value.get("refuses", [])
    if not isinstance(refuses, list) or not all(type(s) is int for s in refuses):
        text = f"capability {name!r}: refuses must be statuses, got {refuses!r}"
        raise declared.error(text)
    return Absence(name, reason, tuple(refuses))


def _known(declared: Declaration, rules: Iterable[str]) -> tuple[KnownFailure, ...]:
    keys = ("rule", "verdict", "reason", "scenario", "target")
    entries = declared.entries("known-failures", keys)
    return tuple(_known_failure(declared, entry, tuple(rules)) for entry in entries)


def _known_failure(
    declared: Declaration, entry: Table, rules: tuple[str, ...]
) -> KnownFailure:
    where = "known-failures"
    rule = declared.choice(entry.get("rule"), rules, "known failure: rule")
    verdict = declared.choice(
        entry.get("verdict"), EXPECTED, f"known failure {rule}: verdict"
    )
    optional = {
        key: declared.text(entry, key, where)
        for key in ("scenario", "target")
        if key in entry
    }
    reason = declared.text(entry, "reason", where)
    return KnownFailure(rule, Verdict(verdict), reason, **optional)
