"""The profile: one TOML file that declares what is judged and what to expect of it.

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

Unknown words are refused, each with the nearest that is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from strikeplate import declaration, suite
from strikeplate.suggestion import suggest
from strikeplate.verdict import Misuse, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from strikeplate.declaration import Declaration, Table

PROFILES = suite.FEATURES / "profiles"
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
    """What is judged, and what is expected of it."""

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


def load(
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
    declared = declaration.read(path)
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
