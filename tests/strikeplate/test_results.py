from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from strikeplate import results, version
from strikeplate.results import Header, Results, ResultsError, StepResult
from strikeplate.verdict import Verdict
from tests.strikeplate.builders import requirement, run

if TYPE_CHECKING:
    from tests.strikeplate.conftest import Finished, RulesFolder

GOLDEN = Path(__file__).parent / "sample" / "expected.ndjson"
HEADER = Header("acme 1", "acme", "sha256:0", "1", 7, "2026-12-01T08:00:00Z", ("http",))
RUN = run(Verdict.FAIL, reason="späť", steps=(StepResult("Given", "a door", "failed"),))
FOUND = Results(HEADER, (RUN, run(scenario="A")), (requirement(Verdict.FAIL),), "so", 1)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    results.write(FOUND, tmp_path / "r.ndjson")
    again = results.read(tmp_path / "r.ndjson")
    assert again == replace(FOUND, runs=tuple(reversed(FOUND.runs)))


def test_order_of_running_does_not_show() -> None:
    turned = replace(FOUND, runs=tuple(reversed(FOUND.runs)))
    assert list(results.lines(FOUND)) == list(results.lines(turned))


@pytest.mark.parametrize(
    ("keep", "message"),
    [
        (slice(0, 0), "has no header"),
        (slice(1, None), "has no header"),
        (slice(0, -1), "has no footer; the run was cut short"),
        (slice(0, 2), "has no footer; the run was cut short"),
    ],
)
def test_file_that_was_cut_short_is_refused(
    tmp_path: Path, keep: slice, message: str
) -> None:
    whole = list(results.lines(FOUND))
    path = tmp_path / "r.ndjson"
    path.write_text("".join(f"{line}\n" for line in whole[keep]), encoding="utf-8")
    with pytest.raises(ResultsError, match=message):
        results.read(path)


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_file_that_lost_a_line_is_refused(tmp_path: Path, lost: int) -> None:
    whole = list(results.lines(FOUND))
    path = tmp_path / "r.ndjson"
    del whole[lost]
    path.write_text("\n".join(whole), encoding="utf-8")
    with pytest.raises(ResultsError, match=r"r\.ndjson: has \d .*lines were lost"):
        results.read(path)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('"kind": "header"', '"kind": "head"', "has no header"),
        ('"schema": 1', '"schema": 2', "has schema 2, this suite reads 1"),
        ('"verdict": "fail"', '"verdict": "flop"', "a line has a wrong form"),
        ('{"kind"', '{"', "a line is no JSON"),
        ('"kind": "rule"', '"sort": "rule"', "a line has a wrong form"),
        ('"complete": true', '"complete": 1', "has no footer"),
    ],
)
def test_file_with_a_wrong_line_is_refused(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    text = "\n".join(results.lines(FOUND))
    assert before in text
    (tmp_path / "r.ndjson").write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(ResultsError, match=message):
        results.read(tmp_path / "r.ndjson")


def test_missing_file_is_told_with_the_fix(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="no such file; make it by a run first"):
        results.read(tmp_path / "r.ndjson")


def test_sample_gives_exactly_the_results_that_are_stored(sample: Finished) -> None:
    """After a wanted change, copy what the failure names over the stored file."""
    written = sample.text("results.ndjson").replace(version(), "SUITE")
    assert written == GOLDEN.read_text(encoding="utf-8"), (
        f"other results than {GOLDEN}, see {sample.place / 'results.ndjson'}"
    )


def test_two_runs_with_one_seed_give_the_same_bytes(rules_folder: RulesFolder) -> None:
    rules_folder.take_sample()
    first = rules_folder.run("--seed", "3").text("results.ndjson")
    assert rules_folder.run("--seed", "3").text("results.ndjson") == first
