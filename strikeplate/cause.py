"""The cause of what did not hold, across a transcript, and whom it hurts. Pure.

    asked      what the subject asked of the vendor, with its body
    answered   what the vendor answered: the last refusal, else the last change
    told       what the subject answered the platform or its owner, if it refused
    door       what the door said last
    hurt       how a guest is hurt, by the rule
    days       by how much the days of the scenario were moved, if at all

Invariants: everything here was redacted with the transcript. Two runs with equal `root`
have one cause: it is told once, with its count.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from strikeplate.days import described_move
from strikeplate.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from strikeplate.results import RunDetail, RunKey, RunResult
    from strikeplate.transcript import TranscriptEntry

LONGEST = 300
"""So many characters of a body or an answer are told."""

LOCKED_OUT = "locked out: the guest's code does not open the booked door in time"
STALE = "stale access: a code opens for somebody who has no right to it any more"
WRONG_DOOR = "wrong door: a code opens another door than the booked one"
TWO_CODES = "two codes: one booking has more than one working code"
PRIVACY = "privacy: a secret, or another guest's access, is disclosed"
SILENT = "silent: nobody is told what they have to know"

IMPACT = {
    LOCKED_OUT: (
        *("CON-01", "CON-04", "CON-05", "CON-13", "CON-14", "MSG-01", "MSG-04"),
        *("MSG-05", "IGL-01", "IGL-02", "IGL-03", "IGL-04", "IGL-06", "IGL-09"),
        *("IGL-10", "IGL-11", "NUK-01", "NUK-02", "NUK-04", "NUK-05", "NUK-06"),
        *("NUK-09", "NUK-10", "NUK-11", "EXV-01", "EXV-03", "EXV-05", "LIV-01"),
        *("LIV-03", "LIV-04", "LIV-08", "LIV-09", "RES-03", "RES-04"),
    ),
    STALE: (
        *("CON-07", "CON-10", "CON-11", "CON-16", "CON-17", "MSG-06", "IGL-05"),
        *("IGL-08", "NUK-03", "NUK-07", "NUK-08", "NUK-13", "EXV-02", "EXV-04"),
        *("EXV-06", "LIV-02", "RES-05", "RES-06", "RES-07"),
    ),
    WRONG_DOOR: ("CON-03",),
    TWO_CODES: ("CON-12", "RES-01"),
    PRIVACY: ("CON-02", "CON-06", "IGL-12", "NUK-12"),
    SILENT: (
        *("CON-08", "CON-09", "CON-15", "MSG-02", "MSG-03", "IGL-07", "LIV-05"),
        *("LIV-06", "LIV-07", "RES-02"),
    ),
}
"""How a guest is hurt, with the rules whose breach does so."""

HURT = {rule: hurt for hurt, rules in IMPACT.items() for rule in rules}


@dataclass(frozen=True)
class Cause:
    """Why a run did not hold, in sentences; an empty one was not seen."""

    reason: str
    asked: str = ""
    answered: str = ""
    told: str = ""
    door: str = ""
    hurt: str = ""
    refused: bool = False
    days: str = ""

    @property
    def root(self) -> str:
        """What equal causes have in common: the vendor's refusal, else the reason."""
        if self.refused:
            return re.sub(r"[\d•]+", "#", self.answered)
        return self.reason

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield what was seen, each with its name, in the order that it happened."""
        seen = {
            "asked": self.asked,
            "the vendor": self.answered,
            "the subject": self.told,
            "the door": self.door,
            "the guest": self.hurt,
            "the days": self.days,
        }
        yield from ((name, text) for name, text in seen.items() if text)


def cause_of(run: RunResult, detail: RunDetail) -> Cause:
    """Return the cause of a run that did not hold."""
    reason = run.reason or ""
    days = described_move((step.text for step in run.steps), detail.moved_days)
    if run.verdict is not Verdict.FAIL and run.verdict is not Verdict.WARN:
        return Cause(reason, days=days)
    calls = [entry for entry in detail.entries if _is_call(entry)]
    call = next(iter(_decisive(calls)), None)
    data: Mapping[str, Any] = call.data if call else {}  # type: ignore[assignment]
    return Cause(
        reason,
        asked=f"{call.text.rpartition(': ')[0]} {_short(data['request'])}".strip()
        if call
        else "",
        answered=_answered(call.text, data) if call else "",
        told=_last(detail.entries, "service", refused=True),
        door=_last(detail.entries, "door"),
        hurt=HURT.get(run.rule, ""),
        refused=bool(call) and _refused(data),
        days=days,
    )


def grouped(
    told: Iterable[tuple[RunResult, RunDetail]],
) -> dict[tuple[Verdict, str, str], list[RunResult]]:
    """Return the runs that did not pass by verdict, root and expectation."""
    found: dict[tuple[Verdict, str, str], list[RunResult]] = {}
    for run, detail in sorted(told, key=lambda pair: _place(pair[0])):
        if run.verdict.rank > Verdict.PASS.rank:
            key = run.verdict, cause_of(run, detail).root, run.known or ""
            found.setdefault(key, []).append(run)
    return found


def _place(run: RunResult) -> tuple[int, RunKey]:
    return -run.verdict.rank, run.key


def _is_call(entry: TranscriptEntry) -> bool:
    data = entry.data
    return (
        entry.participant == "vendor" and isinstance(data, dict) and "request" in data
    )


def _decisive(calls: Sequence[TranscriptEntry]) -> Iterator[TranscriptEntry]:
    """Yield the last refusal that no scenario ordered, else the last change."""
    latest = calls[::-1]
    yield from (each for each in latest if _refused(each.data))
    yield from (each for each in latest if not each.text.startswith("GET "))


def _refused(data: Any) -> bool:
    status, ordered = data["status"], data["fault"] is not None
    return not ordered and (status is None or status >= HTTPStatus.BAD_REQUEST)


def _answered(text: str, data: Mapping[str, Any]) -> str:
    outcome = text.rpartition(": ")[2]
    ordered = " (the scenario ordered this fault)" if data["fault"] else ""
    told = f"{data['vendor']} answered {outcome} {_short(data['answer'])}"
    return told.strip() + ordered


def _last(
    entries: Sequence[TranscriptEntry], participant: str, *, refused: bool = False
) -> str:
    """Return the last sentence of a participant, or the last by which it refuses."""
    for entry in reversed(entries):
        if entry.participant != participant:
            continue
        if not refused:
            return entry.text
        if re.search(r"\b[45]\d\d$", entry.text):
            return f"{entry.text} {_short(entry.data)}".strip()
    return ""


def _short(data: object) -> str:
    """Return JSON as one line, cut to its beginning; empty for nothing."""
    if data is None or data == "":
        return ""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
