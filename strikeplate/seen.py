"""What a subject did in all its runs, where that explains everything. Pure.

It was silent, or it refused each event.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from strikeplate.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from strikeplate.results import RunDetail, RunResult

ANSWERS = re.compile(r"answers (?:the owner with )?(\d{3})")
"""How transcripts tell an answer of the subject; the first group is its status."""

SILENT = (
    "it did not answer",
    "nobody answers",
    "it did not start",
    "its process ended",
)
"""How the reason of a run begins whose subject gave no answer."""

LONGEST_ANSWER = 120


@dataclass(frozen=True)
class Seen:
    """What a subject did throughout, as a sentence; empty when nothing stands out.

    `silent` is true when it gave no answer at all.
    """

    sentence: str = ""
    silent: bool = False


NOTHING = Seen()


def seen_throughout(told: Sequence[tuple[RunResult, RunDetail]]) -> Seen:
    """Return what a subject did in all its runs: silent, or refusing each event."""
    answers = [
        (int(found[1]), entry.data)
        for _, detail in told
        for entry in detail.entries
        if entry.participant == "service" and (found := ANSWERS.match(entry.text))
    ]
    judged = [run for run, _ in told if run.verdict.judged]
    if not answers:
        reasons = Counter(run.reason for run in judged if _is_silence(run))
        if not reasons or any(run.verdict is Verdict.PASS for run in judged):
            return Seen()
        ((reason, count),) = reasons.most_common(1)
        runs = f"{count} of {len(judged)} scenario runs"
        return Seen(f"it answered nothing ({reason}; {runs})", silent=True)
    refused = Counter(status for status, _ in answers)
    if len(refused) > 1 or min(refused) < HTTPStatus.BAD_REQUEST:
        return Seen()
    status, data = answers[0]
    return Seen(f"it refuses all our events: {status} {_short(data)}".rstrip())


def _is_silence(run: RunResult) -> bool:
    return (run.reason or "").removeprefix("not set up: ").startswith(SILENT)


def _short(data: object) -> str:
    """Return an answer's content as one line, cut to its beginning."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_ANSWER else line[: LONGEST_ANSWER - 1] + "…"


LONGEST_ANSWER = 120
