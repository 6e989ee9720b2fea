"""Runs are kept line by line, and shown on one page with a badge of the newest."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from strikeplate import history
from strikeplate.badge import FILLS, badge_of, svg
from strikeplate.history import Entry, append, courses, page, read
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from pathlib import Path

    from tests.strikeplate.conftest import RulesFolder


def entry(day: int, *failed: str, **said: object) -> Entry:
    """Return a run of a day of December in which some of ten MUST failed."""
    usual = {
        "at": f"2026-12-{day:02}T08:00:00+00:00",
        "subject": "Courtbook",
        "version": f"4.{day}",
        "suite": "1",
        "commit": "abc",
        "profile": "mine",
        "seed": 7,
        "exit_code": int(bool(failed)),
        "outcome": "Not conformant" if failed else "Conformant",
        "held": 10 - len(failed),
        "judged": 10,
        "must": 12,
        "known": 0,
        "failed": failed,
        "verdicts": {"pass": 10 - len(failed), "fail": len(failed)},
    }
    fields: dict[str, Any] = {**usual, **said}
    return Entry(**fields)


RUNS = [entry(1), entry(2, "CON-01", "IGL-02"), entry(3, "IGL-02", "MSG-01")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kept" / "history.ndjson"
    for each in RUNS:
        append(path, each)
    return path


def run(*words: object) -> str:
    found = CliRunner().invoke(history.command, [str(word) for word in words])
    return str(found.exception or found.output)


def test_what_is_added_is_read_again_in_the_order_of_days(file: Path) -> None:
    append(file, entry(1, version="4.0", at="2026-11-01T08:00:00+00:00"))
    assert [each.version for each in read(file)] == ["4.0", "4.1", "4.2", "4.3"]
    assert read(file)[1:] == RUNS


def test_each_run_tells_what_broke_and_what_was_mended_since(file: Path) -> None:
    (course,) = courses(read(file))
    changes = [(step.broke, step.mended) for step in course.steps]
    assert changes == [
        ((), ()),
        (("CON-01", "IGL-02"), ()),
        (("MSG-01",), ("CON-01",)),
    ]


def test_run_of_some_rules_alone_is_not_compared() -> None:
    (course,) = courses([RUNS[1], entry(3, only=("DOR",)), entry(4, "CON-01")])
    assert [step.mended for step in course.steps] == [(), (), ("IGL-02",)]


def test_badge_is_that_of_the_newest_run(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "3 runs; the newest, 2026-12-03 08:00:00 UTC: Courtbook 4.3" in run(
        file, "--out", out
    )
    assert "strikeplate: 8/10 MUST" in (out / "badge.svg").read_text()
    append(file, entry(4))
    append(file, entry(2, "CON-01"))
    run(file, "--out", out)
    badge = json.loads((out / "badge.json").read_text())
    assert (badge["message"], badge["color"]) == ("10/10 MUST", "brightgreen")
    assert "strikeplate: 10/10 MUST" in (out / "badge.svg").read_text()


def test_same_file_gives_the_same_page_and_badge(file: Path, tmp_path: Path) -> None:
    for name in ("1", "2"):
        run(file, "--out", tmp_path / name)
    for path in (tmp_path / "1").iterdir():
        assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes()


def test_plot_has_a_bar_a_run_as_high_as_its_rules(file: Path) -> None:
    text = page(read(file))
    drawing = re.search(r"<svg role.*?</svg>", text, re.DOTALL)
    assert drawing
    bars = ET.fromstring(drawing[0])  # noqa: S314 - our own drawing
    heights = [
        [(rect.get("data-verdict"), rect.get("y"), rect.get("height")) for rect in bar]
        for bar in (list(group.iter("rect")) for group in bars.iter("g"))
    ]
    assert heights[0] == [("pass", "0", "10")]
    assert heights[1] == [("fail", "8", "2"), ("pass", "0", "8")]


def test_page_shows_the_newest_runs_in_the_plot_and_all_in_the_table() -> None:
    runs = [
        entry(1, at=f"2026-12-01T{h:02}:{m:02}:00Z") for h in range(9) for m in range(9)
    ]
    text = page(runs)
    assert "the newest 60 of 81" in text
    assert text.count('<th scope="row"') == 81


def test_page_names_each_subject_and_one_can_be_chosen(
    file: Path, tmp_path: Path
) -> None:
    append(file, entry(4, subject="<b>Rival"))
    text = page(read(file))
    assert "&lt;b&gt;Rival</h2>" in text
    assert "Courtbook</h2>" in text
    run(file, "--subject", "Courtbook", "--out", tmp_path)
    assert "Rival" not in (tmp_path / "history.html").read_text()
    assert "no run of 'Courtbok'; did you mean 'Courtbook'?" in run(
        file, "--subject", "Courtbok"
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 4: no run of a history; delete the line"),
        ('{"at": 1}', "line 4: no run of a history"),
        (
            json.dumps({**RUNS[0].__dict__, "schema": 2}),
            "has schema 2, this suite reads",
        ),
    ],
)
def test_wrong_line_is_named(file: Path, line: str, message: str) -> None:
    with file.open("a") as more:
        more.write(line + "\n")
    with pytest.raises(Misuse, match=message):
        read(file)
    with pytest.raises(Misuse, match=message):
        history.check_file(file)


def test_file_that_holds_no_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(Misuse, match="holds no run; add one by check --history"):
        read(tmp_path / "empty")
    with pytest.raises(Misuse, match="make it by check --history FILE"):
        read(tmp_path / "none")
    with pytest.raises(Misuse, match=r"a folder; name a file, such as .*\.ndjson"):
        history.check_file(tmp_path)
    history.check_file(tmp_path / "none")
    history.check_file(tmp_path / "empty")


def test_run_adds_a_line_without_reasons(rules_folder: RulesFolder) -> None:
    rules_folder.take_sample()
    kept = rules_folder.root / "kept.ndjson"
    for _ in range(2):
        finished = rules_folder.run("--history", str(kept))
    first, second = read(kept)
    told = json.loads(finished.text("summary.json"))
    assert (first.outcome, first.exit_code) == (told["outcome"], told["exit_code"])
    assert second.failed == ("DOR-02", "MSG-01", "MSG-05")
    assert second.verdicts == told["counts"]["rules"]
    assert second.badge == json.loads(finished.text("badge.json"))
    reasons = [r.reason for r in finished.results.requirements if r.reason]
    assert not [reason for reason in reasons if reason in kept.read_text()]


def test_run_with_a_wrong_history_is_refused_before_it_begins(
    rules_folder: RulesFolder,
) -> None:
    rules_folder.write("kept.ndjson", "no history\n")
    finished = rules_folder.run("--history", "kept.ndjson")
    assert "line 1: no run of a history" in finished.printed
    assert not finished.place.exists()


@pytest.mark.parametrize("code", range(5))
def test_picture_says_what_the_badge_says(code: int) -> None:
    found = badge_of(code, 9, 10, 1)
    drawn = ET.fromstring(svg(found))  # noqa: S314 - our own drawing
    assert drawn.get("aria-label") == f"strikeplate: {found['message']}"
    assert FILLS[str(found["color"])] in svg(found)
    assert ("#14703f" in svg(badge_of(code, 9, 10, 0))) is (code == 0)
