from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from strikeplate import diff, results
from strikeplate.results import Header, Results
from strikeplate.verdict import Verdict
from tests.strikeplate.builders import requirement, run

if TYPE_CHECKING:
    from pathlib import Path

    from strikeplate.results import RunResult

HEADER = Header("acme 1", "acme", "sha256:0", "1", 7, "2026-12-01T08:00:00Z", ("http",))
FAIL, PASS = Verdict.FAIL, Verdict.PASS


def found(*runs: RunResult) -> Results:
    return Results(HEADER, runs, (requirement(),), "so", 0)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            [run(PASS)],
            [run(FAIL)],
            "regressed: DOR-01 · It opens · inprocess (pass -> fail)",
        ),
        (
            [run(FAIL)],
            [run(PASS)],
            "improved: DOR-01 · It opens · inprocess (fail -> pass)",
        ),
        ([run()], [run(Verdict.NOT_APPLICABLE)], "regressed: DOR-01 · It opens"),
        ([], [run()], "added: DOR-01 · It opens · inprocess (pass)"),
        ([run()], [], "removed: DOR-01 · It opens · inprocess (pass)"),
        ([run(reason="a")], [run(reason="b")], "reworded: DOR-01 · It opens"),
    ],
)
def test_change_is_told_by_its_kind(
    before: list[RunResult], after: list[RunResult], message: str
) -> None:
    (change,) = diff.changes(found(*before), found(*after))
    assert str(change).startswith(message)


def test_results_do_not_differ_from_themselves() -> None:
    both = found(run(), run(FAIL, scenario="x"))
    assert diff.changes(both, both) == []


def test_regressions_are_told_first() -> None:
    before = found(run(scenario="a"), run(scenario="b"))
    after = found(run(FAIL, scenario="b"), run(scenario="c"))
    kinds = [change.kind for change in diff.changes(before, after)]
    assert kinds == ["regressed", "removed", "added"]


@pytest.mark.parametrize(
    ("before", "after", "ends"),
    [
        ([run()], [run()], (0, "nothing changed")),
        ([run()], [run(), run(scenario="b")], (0, "Nothing was lost; to hold")),
        ([run(FAIL)], [run()], (0, "Nothing was lost; to hold")),
        ([run(), run(scenario="b")], [run()], (1, "Something was lost. Put it")),
        ([run()], [run(FAIL), run(scenario="b")], (1, "Something was lost.")),
    ],
)
def test_what_is_lost_fails_and_what_is_gained_is_told(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    before: list[RunResult],
    after: list[RunResult],
    ends: tuple[int, str],
) -> None:
    results.write(found(*before), tmp_path / "1.ndjson")
    results.write(found(*after), tmp_path / "2.ndjson")
    code = diff.main([str(tmp_path / "1.ndjson"), str(tmp_path / "2.ndjson")])
    last = capsys.readouterr().out.splitlines()[-1]
    assert (code, last[: len(ends[1])]) == ends


def test_results_that_looked_at_less_are_not_compared_and_not_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = replace(found(run()), header=replace(HEADER, only=("DOR",)))
    one, other = str(tmp_path / "1.ndjson"), str(tmp_path / "2.ndjson")
    results.write(found(run()), tmp_path / "1.ndjson")
    results.write(part, tmp_path / "2.ndjson")
    assert diff.main([one, other]) == 2
    assert "only was () before and is ('DOR',) after" in capsys.readouterr().err
    assert diff.main(["--accept", one, other]) == 2
    assert "only a green run of all rules" in capsys.readouterr().err


def test_red_run_is_no_baseline(tmp_path: Path) -> None:
    results.write(replace(found(run(FAIL)), exit_code=1), tmp_path / "2.ndjson")
    one, other = str(tmp_path / "1.ndjson"), str(tmp_path / "2.ndjson")
    assert diff.main(["--accept", one, other]) == 2
    assert not (tmp_path / "1.ndjson").exists()


def test_command_ends_with_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = str(tmp_path / "1.ndjson"), str(tmp_path / "2.ndjson")
    results.write(found(run()), tmp_path / "1.ndjson")
    results.write(found(run(FAIL)), tmp_path / "2.ndjson")
    assert diff.main([one, one]) == 0
    assert diff.main([one, other]) == 1
    assert diff.main([one, str(tmp_path / "3.ndjson")]) == 2
    assert diff.main(["--accept", one, other]) == 0
    assert diff.main([one, other]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("nothing changed\nregressed: ")
    assert "3.ndjson: no such file" in printed.err
