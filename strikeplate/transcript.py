"""The transcript: who said what to whom, at which virtual instant.

Steps and adapters add to it as they go; the report draws it in four lanes. Order of
adding is order of happening; nothing is ever taken out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, get_args

from strikeplate.verdict import HarnessFault

Participant = Literal["caller", "service", "fake", "door"]
PARTICIPANTS: tuple[str, ...] = get_args(Participant)


@dataclass(frozen=True)
class TranscriptEntry:
    """One utterance: its lane, its virtual instant (UTC), a sentence, and its data."""

    participant: str
    at: str | None
    text: str
    data: object = None
    step: int | None = None


@dataclass
class Transcript:
    """What happened in one scenario, line by line."""

    entries: list[TranscriptEntry] = field(default_factory=list)
    step: int | None = None

    def add(
        self,
        participant: Participant,
        text: str,
        *,
        at: datetime | None = None,
        data: object = None,
    ) -> None:
        """Write down one utterance; `at` is an aware instant of virtual time."""
        if participant not in PARTICIPANTS:
            message = f"unknown lane {participant!r}; known: {', '.join(PARTICIPANTS)}"
            raise HarnessFault(message)
        instant = None if at is None else stamp(at)
        self.entries.append(
            TranscriptEntry(participant, instant, text, data, self.step)
        )


def stamp(at: datetime) -> str:
    """Return an aware instant as text, in UTC."""
    if at.tzinfo is None:
        message = f"the transcript needs an aware instant, got {at.isoformat()}"
        raise HarnessFault(message)
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
