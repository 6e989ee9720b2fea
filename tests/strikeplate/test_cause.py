"""What did not hold is told with its cause, and without anybody's code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from strikeplate import FEATURES, requirements
from strikeplate.cause import HURT, cause_of, grouped
from strikeplate.results import RunDetail, StepResult
from strikeplate.transcript import TranscriptEntry
from strikeplate.verdict import Verdict
from tests.forks import strikeplate
from tests.strikeplate.builders import run

if TYPE_CHECKING:
    from pathlib import Path

WHY = "minutes must be 00"


def call(
    status: int | None, *, answer: object = None, fault: str | None = None
) -> TranscriptEntry:
    data = {
        "vendor": "igloohome",
        "status": status,
        "request": {"startDate": "15:20"},
        "answer": answer,
        "fault": fault,
    }
    return TranscriptEntry("vendor", None, f"POST /algopin/hourly: {status}", data)


REFUSED = call(400, answer={"message": WHY})
DOOR = TranscriptEntry("door", None, "court-1: a code is typed, and it stays shut")


def test_cause_goes_from_what_was_asked_to_the_guest() -> None:
    failed = run(Verdict.FAIL, rule="IGL-02", reason="Ada has received no code")
    cause = cause_of(failed, RunDetail(entries=(REFUSED, DOOR)))
    assert cause.asked == 'POST /algopin/hourly {"startDate": "15:20"}'
    assert cause.answered == f'igloohome answered 400 {{"message": "{WHY}"}}'
    assert cause.door == DOOR.text
    assert cause.hurt.startswith("locked out")


def test_fault_that_the_scenario_ordered_is_no_refusal_of_the_vendor() -> None:
    ordered = call(500, fault="flt_1")
    cause = cause_of(run(Verdict.FAIL), RunDetail(entries=(REFUSED, ordered)))
    assert WHY in cause.answered
    alone = cause_of(run(Verdict.FAIL, reason="x"), RunDetail(entries=(ordered,)))
    assert "the scenario ordered this fault" in alone.answered
    assert alone.root == "x"


def test_moved_days_are_told_and_make_no_other_cause() -> None:
    steps = (StepResult("When", "Ada books from 2026-12-07 15:20"),)
    moved = RunDetail(moved_days=171)
    failed = run(Verdict.FAIL, reason="x", steps=steps)
    cause = cause_of(failed, moved)
    assert (
        dict(cause.lines())["the days"] == "moved by 171 days: 2026-12-07 is 2027-05-27"
    )
    assert cause.root == cause_of(failed, RunDetail()).root
    doubtful = run(Verdict.INCONCLUSIVE, reason="x", steps=steps)
    assert "the days" in dict(cause_of(doubtful, moved).lines())
    assert "the days" not in dict(cause_of(failed, RunDetail()).lines())


def test_one_refusal_is_one_cause_whatever_came_of_it() -> None:
    detail = RunDetail(entries=(REFUSED,))
    runs = [run(Verdict.FAIL, reason=f"{who} has no code") for who in ("Ada", "Bo")]
    other = run(Verdict.FAIL, reason="the door is silent")
    told = [(each, detail) for each in runs] + [(other, RunDetail())]
    assert sorted(map(len, grouped(told).values())) == [1, 2]


def test_inconclusive_runs_with_one_reason_are_told_once() -> None:
    runs = [run(Verdict.INCONCLUSIVE, reason="no clock") for _ in range(30)]
    ((group,),) = [list(grouped([(r, RunDetail()) for r in runs]).values())]
    assert len(group) == 30


def test_every_rule_says_how_a_guest_is_hurt() -> None:
    rules = {rule.id for rule in requirements.read(FEATURES).rules}
    assert rules <= HURT.keys()


def judged(name: str, rule: str, folder: Path) -> Path:
    """Judge a mutant by one rule, and return the folder of its results."""
    asked = [f"--subject=mutant:{name}", f"--only={rule}", f"--results={folder}"]
    done = strikeplate("run", *asked)
    assert done.returncode == 1, done.stdout + done.stderr
    (folder / "console").write_text(done.stdout, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results of an integration that the vendor refuses."""
    return judged("counts_hours_in_utc", "IGL-02", tmp_path_factory.mktemp("refused"))


def test_refusal_of_the_vendor_reaches_every_artefact(refused: Path) -> None:
    for name in ("console", "junit.xml", "report.html"):
        text = (refused / name).read_text(encoding="utf-8")
        assert "is no whole hour of the lock" in text
        assert "/algopin/hourly" in text
        assert "--subject=mutant:counts_hours_in_utc --seed=7 --only=IGL-02" in text


def test_junit_tells_times_and_the_cause_in_the_body(refused: Path) -> None:
    text = (refused / "junit.xml").read_text("utf-8")
    root = ET.fromstring(text)  # noqa: S314 - ours
    assert all(float(case.get("time", "")) > 0 for case in root.iter("testcase"))
    body = next(root.iter("failure")).text or ""
    assert "the vendor: igloohome answered 400" in body
    assert "the guest: locked out" in body


LONG = re.compile(r"\b\d{9,10}\b")
"""An igloohome code; no other number in a report is as long."""


@pytest.mark.parametrize("rule", ["CON-11", "IGL-12"])
def test_no_artefact_holds_a_code_that_the_world_knows(
    tmp_path: Path, rule: str
) -> None:
    mutant = {
        "CON-11": "makes_a_new_code_at_every_change",
        "IGL-12": "gives_everybody_the_same_code",
    }[rule]
    place = judged(mutant, rule, tmp_path)
    for path in place.iterdir():
        assert not LONG.findall(path.read_text(encoding="utf-8")), path.name
