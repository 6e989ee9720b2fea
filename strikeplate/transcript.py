"""What happened in a scenario, line by line, with everything secret blanked.

`Redact` knows the values that must not be shown; `Transcript` keeps what each
participant did, with its instant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from strikeplate.verdict import HarnessFault

BLANK = "•••"
SHORTEST = 4
"""Shorter values are not replaced: blanking every "12" would blank the report."""

STEADY = (
    (
        re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE),
        "<uuid>",
    ),
    (re.compile(r"\b0x[0-9a-fA-F]{6,}\b"), "<address>"),
    (re.compile(r"(127\.0\.0\.1|localhost|\[::1\]|0\.0\.0\.0):\d+"), r"\1:<port>"),
    (re.compile(r"(?<![\w:/.])/(?:tmp|home|root|work|usr|var)/[^\s'\",)]+"), "<path>"),
)
"""Patterns that vary by machine or run, each with the name that stands for it."""

CUT = re.compile(r"\d+(?=\.\.\.|…)|(?<=\.\.\.)\d+|(?<=…)\d+")
"""Digits at the place where a text was cut: they may be half of a code."""

SECRET_FIELDS = re.compile(
    r"(secret|password|token|authorization|signature|api[-_]?key|^pin$|^code$)",
    re.IGNORECASE,
)
"""Names of fields whose value is blanked, whatever it is."""


class Redact:
    """The values of one scenario that must not be shown as they are."""

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}
        self._done: dict[str, str] = {}  # most texts of a scenario come again and again

    def hide(self, value: object) -> None:
        """Blank a secret in everything written about this scenario."""
        self.rename(value, BLANK)

    def rename(self, value: object, name: str) -> None:
        """Replace a value that varies between runs by a fixed name."""
        text = str(value)
        if len(text) >= SHORTEST and self._shown.get(text) != name:
            self._shown[text] = name
            self._done.clear()

    def text(self, text: str) -> str:
        """Return the text with secrets blanked and varying values replaced."""
        if text not in self._done:
            shown = text
            for value in sorted(self._shown, key=len, reverse=True):
                shown = shown.replace(value, self._shown[value])
            self._done[text] = steady(CUT.sub(BLANK, shown))
        return self._done[text]

    def data(self, value: object) -> object:
        """Return JSON-like data, redacted at every level."""
        if isinstance(value, Mapping):
            return {str(key): self._field(str(key), of) for key, of in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
            return [self.data(item) for item in value]
        if value is None or isinstance(value, (bool, int, float)):
            return self._number(value)
        return self.text(str(value))

    def _field(self, name: str, value: object) -> object:
        if SECRET_FIELDS.search(name) and isinstance(value, (str, int)):
            return BLANK
        return self.data(value)

    def _number(self, value: float | None) -> object:
        return self._shown.get(str(value), value)


def steady(text: str) -> str:
    """Return the text with ids, ports, paths and addresses replaced by their kind."""
    for pattern, name in STEADY:
        text = pattern.sub(name, text)
    return text


Participant = Literal["caller", "service", "vendor", "door"]
PARTICIPANTS: tuple[str, ...] = get_args(Participant)


@dataclass(frozen=True)
class TranscriptEntry:
    """One entry: its participant, its virtual instant (UTC), a sentence, its data."""

    participant: str
    at: str | None
    text: str
    data: object = None
    step: int | None = None


@dataclass
class Transcript:
    """What happened in one scenario, in order."""

    entries: list[TranscriptEntry] = field(default_factory=list)
    step: int | None = None
    explanations: list[str] = field(default_factory=list)
    """What would explain a failure, each once: the end of a process, a bound hit."""

    owed: timedelta = timedelta()
    """Time that was to pass, and did not, since no clock can be set."""

    moved: timedelta = timedelta()
    """By how much the days that the steps name were moved, to a time to come."""

    def add(
        self,
        participant: Participant,
        text: str,
        *,
        at: datetime | None = None,
        data: object = None,
    ) -> None:
        """Add one entry; `at` is an aware instant of virtual time."""
        if participant not in PARTICIPANTS:
            message = f"unknown lane {participant!r}; known: {', '.join(PARTICIPANTS)}"
            raise HarnessFault(message)
        instant = None if at is None else stamp(at)
        self.entries.append(
            TranscriptEntry(participant, instant, text, data, self.step)
        )

    def explain(self, participant: Participant, text: str, *, at: datetime) -> None:
        """Add an entry, once, that is told with the reason of a failure."""
        if text not in self.explanations:
            self.explanations.append(text)
            self.add(participant, text, at=at)

    def owes(self, span: timedelta) -> None:
        """Note that a span of time was to pass, and did not."""
        self.owed += span


def stamp(at: datetime) -> str:
    """Return an aware instant as text, in UTC."""
    if at.tzinfo is None:
        message = f"the transcript needs an aware instant, got {at.isoformat()}"
        raise HarnessFault(message)
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
