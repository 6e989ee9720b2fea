"""What a subject does throughout is seen in the transcripts of all its runs."""

from __future__ import annotations

from strikeplate.results import RunDetail
from strikeplate.seen import seen_throughout
from strikeplate.transcript import TranscriptEntry
from strikeplate.verdict import Verdict
from tests.strikeplate.builders import run

SILENCE = "it did not answer: POST /hooks: ConnectionRefusedError"
FAILED = run(Verdict.FAIL, reason=SILENCE)


def answered(*texts: str) -> RunDetail:
    lines = (TranscriptEntry("service", None, text, "no such path") for text in texts)
    return RunDetail(entries=tuple(lines))


def test_subject_that_never_answers_is_silent() -> None:
    set_up = run(Verdict.INCONCLUSIVE, reason=f"not set up: {SILENCE}")
    seen = seen_throughout([(FAILED, RunDetail()), (set_up, RunDetail())])
    assert seen.silent
    assert SILENCE in seen.sentence


def test_subject_that_answers_once_is_not_silent() -> None:
    seen = seen_throughout([(FAILED, RunDetail()), (run(), answered("answers 200"))])
    assert (seen.silent, seen.sentence) == (False, "")


def test_subject_that_refuses_every_event_is_told_with_its_answer() -> None:
    seen = seen_throughout([(FAILED, answered("answers 404", "answers 404"))])
    assert seen.sentence == "it refuses all our events: 404 no such path"
    assert not seen.silent


def test_subject_that_refuses_some_events_stands_out_by_nothing() -> None:
    seen = seen_throughout([(FAILED, answered("answers 200", "answers 404"))])
    assert seen.sentence == ""
