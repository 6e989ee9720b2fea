"""The profile: one TOML file that declares what is judged and what to expect of it.

    [subject]                        # the integration, or the vendor, by its own name
    name = "reference service"
    version = "0.1.0"
    connect = ["inprocess:service", "http:service"]   # one text or several
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

import difflib
import hashlib
import tomllib
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from features.harness.verdict import Misuse
from features.harness.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

PROFILES = Path(__file__).parent.parent / "profiles"
CONTROLS = ("injected", "endpoint", "none")
START = datetime(2026, 12, 1, 8, tzinfo=UTC)

Table = dict[str, Any]  # TOML as tomllib gives it; checked field by field below


class ProfileError(Misuse):
    """The profile cannot be used; the text begins with its file."""


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
class Known:
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
    known: tuple[Known, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""

    def absence(self, capability: str) -> Absence | None:
        """Return why the capability is absent, or None when it is there."""
        return next((a for a in self.absences if a.capability == capability), None)


def load(name: str, capabilities: Iterable[str], rules: Iterable[str]) -> Profile:
    """Return the profile of that name in `profiles/`, or of that file.

    `capabilities` and `rules` are the words that exist; others are refused.
    """
    path = Path(name) if name.endswith(".toml") else PROFILES / f"{name}.toml"
    return _Reader(path).profile(tuple(capabilities), tuple(rules))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, then all of them."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    meant = f"did you mean {close[0]!r}? " if close else ""
    return f"{meant}Known: {', '.join(words) or 'none'}"


class _Reader:
    """Reads one file, and speaks of it in its errors."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def error(self, text: str) -> ProfileError:
        return ProfileError(f"{self.path.name}: {text}")

    def profile(self, capabilities: tuple[str, ...], rules: tuple[str, ...]) -> Profile:
        raw, table = self._read()
        known_tables = "subject vendor clock capabilities settings known-failures"
        self._only(table, known_tables.split(), "table")
        subject = self._table(table, "subject", "name version connect")
        vendor = self._table(table, "vendor", "connect")
        return Profile(
            profile=self.path.stem,
            name=self._text(subject, "name", "subject"),
            version=self._text(subject, "version", "subject"),
            subjects=self._connects(subject, "subject"),
            vendors=self._connects(vendor, "vendor", default=("fake",)),
            clock=self._clock(self._table(table, "clock", "control start endpoint")),
            absences=self._absences(table.get("capabilities", {}), capabilities),
            known=tuple(self._known(k, rules) for k in table.get("known-failures", [])),
            settings={k: str(v) for k, v in table.get("settings", {}).items()},
            digest="sha256:" + hashlib.sha256(raw).hexdigest(),
        )

    def _read(self) -> tuple[bytes, Table]:
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            names = (path.stem for path in PROFILES.glob("*.toml"))
            hint = nearest(self.path.stem, names)
            text = f"no such profile at {self.path}; {hint}, or the path of a .toml"
            raise self.error(text) from None
        try:
            return raw, tomllib.loads(raw.decode())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as mishap:
            raise self.error(f"is no TOML: {mishap}") from None

    def _only(self, table: Table, known: Iterable[str], kind: str) -> None:
        words = tuple(known)
        for word in table:
            if word not in words:
                raise self.error(f"unknown {kind} {word!r}; {nearest(word, words)}")

    def _table(self, table: Table, name: str, keys: str) -> Table:
        inner = table.get(name, {})
        if not isinstance(inner, dict):
            raise self.error(f"[{name}] must be a table, not {inner!r}")
        self._only(inner, keys.split(), f"key in [{name}]:")
        return inner

    def _text(self, table: Table, key: str, where: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"[{where}] {key} must be a text, got {value!r}")
        return value

    def _connects(
        self, table: Table, where: str, default: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        value = table.get("connect", list(default))
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise self.error(f"[{where}] connect must be texts, got {value!r}")
        return tuple(values)

    def _clock(self, table: Table) -> Clock:
        control = table.get("control", "injected")
        if control not in CONTROLS:
            hint = nearest(str(control), CONTROLS)
            raise self.error(f"[clock] control {control!r} is unknown; {hint}")
        start = table.get("start", START)
        if not isinstance(start, datetime) or start.tzinfo is None:
            text = f"[clock] start must be an instant with its offset, got {start!r}"
            raise self.error(text)
        endpoint = table.get("endpoint")
        if (control == "endpoint") != isinstance(endpoint, str):
            text = f"[clock] endpoint goes with control = 'endpoint', not {control!r}"
            raise self.error(text)
        return Clock(control, start.astimezone(UTC), endpoint)

    def _absences(self, table: Table, known: tuple[str, ...]) -> tuple[Absence, ...]:
        self._only(table, known, "capability")
        entries = (self._absence(name, value) for name, value in table.items())
        return tuple(entry for entry in entries if entry)

    def _absence(self, name: str, value: object) -> Absence | None:
        if value is True:
            return None
        if not isinstance(value, dict):
            text = f"capability {name!r} is absent: give its reason, as in "
            example = '{ supported = false, reason = "...", refuses = [501] }'
            raise self.error(text + example)
        self._only(value, ("supported", "reason", "refuses"), f"key of {name!r}:")
        if value.get("supported") is not False:
            raise self.error(f"capability {name!r}: write true, or supported = false")
        reason = self._text(value, "reason", f"capabilities.{name}")
        return Absence(name, reason, self._statuses(name, value.get("refuses", [])))

    def _statuses(self, name: str, value: object) -> tuple[int, ...]:
        if not isinstance(value, list) or not all(type(s) is int for s in value):
            text = f"capability {name!r}: refuses must be statuses, got {value!r}"
            raise self.error(text)
        return tuple(value)

    def _known(self, entry: Table, rules: tuple[str, ...]) -> Known:
        keys = ("rule", "verdict", "reason", "scenario", "target")
        self._only(entry, keys, "key in [[known-failures]]:")
        rule = self._text(entry, "rule", "known-failures")
        if rule not in rules:
            text = f"known failure of unknown rule {rule!r}; {nearest(rule, rules)}"
            raise self.error(text)
        verdict = self._text(entry, "verdict", "known-failures")
        allowed = [v.value for v in Verdict if v.judged and v is not Verdict.PASS]
        if verdict not in allowed:
            hint = nearest(verdict, allowed)
            raise self.error(f"known failure {rule}: verdict {verdict!r}; {hint}")
        reason = self._text(entry, "reason", "known-failures")
        scenario, target = entry.get("scenario"), entry.get("target")
        return Known(rule, Verdict(verdict), reason, scenario, target)
