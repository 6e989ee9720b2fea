"""Runs are put side by side: what differs is shown, and nothing is judged anew."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from strikeplate import compare, results
from strikeplate.results import Header, Results
from strikeplate.verdict import Misuse, Verdict
from tests.strikeplate.builders import requirement, run

if TYPE_CHECKING:
    from pathlib import Path

    from strikeplate.compare import Comparison

HEADER = Header("acme 1", "acme", "sha256:0", "1", 7, "2026-12-01T08:00:00Z", ("http",))
FAIL, PASS = Verdict.FAIL, Verdict.PASS


class Folder:
    """A folder of runs, written as `check` writes them."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(
        self, name: str, verdict: Verdict = PASS, at: str = "", **header: object
    ) -> Path:
        """Write a run in which DOR-01 ended so, and DOR-02 passed."""
        one = requirement(verdict, reason="<b> stays shut" if verdict is FAIL else None)
        other = requirement(rule="DOR-02", area="igloohome")
        runs = (run(verdict), run(rule="DOR-02", area="igloohome"))
        fields: dict[str, Any] = {"subject": name, **header}
        shown = replace(HEADER, **fields)
        code = int(verdict is FAIL)
        found = Results(shown, runs, (one, other), f"{name} was judged.", code)
        results.write(found, self.root / name / "results.ndjson")
        told = {"provenance": {"at": at, "commit": "abc", "seconds": 1}}
        (self.root / name / "summary.json").write_text(json.dumps(told))
        return self.root / name


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def two(folder: Folder) -> Comparison:
    """Compare a version that holds with one that breaks DOR-01."""
    old = folder.write("acme 1", at="2026-12-01T08:00:00+00:00")
    return compare.compared([old, folder.write("acme 2", FAIL, seed=8)])


def test_rule_with_another_verdict_differs(two: Comparison) -> None:
    assert [row.any.rule for row in two.differing] == ["DOR-01"]
    assert two.headline == "1 of 2 rules differs between 2 runs."
    assert two.differing[0].cells[1].was is PASS


def test_rule_whose_scenarios_differ_differs_though_its_verdict_is_the_same(
    folder: Folder,
) -> None:
    place = folder.write("acme 1", FAIL)
    found = results.read(place / "results.ndjson")
    runs = (run(PASS), run(FAIL, scenario="It shuts"), found.runs[1])
    other = replace(found, header=replace(HEADER, subject="b"), runs=runs)
    results.write(other, folder.root / "b" / "results.ndjson")
    (row,) = compare.compared([place, folder.root / "b"]).differing
    assert row.scenarios == {"It opens": (FAIL, PASS), "It shuts": (None, FAIL)}


def test_rule_that_one_run_was_not_asked_for_is_shown_as_such(folder: Folder) -> None:
    whole = folder.write("acme 1")
    found = results.read(whole / "results.ndjson")
    part = replace(found, requirements=found.requirements[:1], runs=found.runs[:1])
    results.write(part, folder.root / "part" / "results.ndjson")
    comparison = compare.compared([whole, folder.root / "part"])
    assert [row.any.rule for row in comparison.differing] == ["DOR-02"]
    assert "| DOR-02 | ✓ pass | not asked for |" in "\n".join(
        compare.markdown(comparison)
    )


def test_page_tells_each_run_by_its_headline_date_commit_and_seed(
    two: Comparison,
) -> None:
    page = compare.page(two)
    for text in ("acme 1 was judged.", "2026-12-01 08:00:00", "<dd>abc</dd>"):
        assert text in page
    assert re.findall(r"<dt>Seed</dt><dd>(\d)</dd>", page) == ["7", "8"]
    assert "&lt;b&gt; stays shut" in page
    assert ">igloohome</th>" in page


def test_page_marks_what_differs_and_what_changed(two: Comparison) -> None:
    page = compare.page(two)
    assert re.findall(r'<tr class="row differs" id="([^"]+)"', page) == ["DOR-01"]
    assert page.count('<td class="changed">') == 1
    assert "was pass in 1" in page


def test_page_loads_nothing_and_runs_only_its_own_script(two: Comparison) -> None:
    page = compare.page(two)
    assert not re.findall(r'(?:src|href|url)\s*[=(]\s*"(?!#|data:)', page)
    assert not re.findall(r"<[a-z][^>]*\s(?:on\w+|style)=", page)
    assert "default-src &#39;none&#39;" in page


def test_same_runs_give_the_same_page(folder: Folder) -> None:
    places = [folder.write("a"), folder.write("b", FAIL)]
    first, second = (compare.page(compare.compared(places)) for _ in range(2))
    assert first == second


def test_command_prints_markdown_or_json_and_writes_the_page(folder: Folder) -> None:
    words = [str(folder.write("a")), str(folder.write("b", FAIL))]
    words += ["--out", str(folder.root / "out" / "deep")]
    shown = CliRunner().invoke(compare.command, words).stdout
    assert "| DOR-01 | ✓ pass | ✕ fail | A door MUST open |" in shown
    told = json.loads(CliRunner().invoke(compare.command, [*words, "--json"]).stdout)
    assert [each["outcome"] for each in told["runs"]] == [
        "Conformant",
        "Not conformant",
    ]
    assert told["rules"][0]["verdicts"] == ["pass", "fail"]
    assert (folder.root / "out" / "deep" / "compare.html").exists()


def test_what_cannot_be_compared_is_refused_with_the_fix(folder: Folder) -> None:
    one = folder.write("acme 1")
    newer = folder.write("acme 2", suite="2")
    empty = folder.root / "empty"
    empty.mkdir()
    refused = {
        (one,): "1 run given; a comparison needs at least 2",
        (one, empty): f"{empty}: no results folder; give the folder of a run",
        (one, one / "results.ndjson"): f"the same run as {one}; leave one out",
        (one, newer): f"{newer} by 2; judge all of them by one suite",
    }
    for places, message in refused.items():
        with pytest.raises(Misuse, match=re.escape(message)):
            compare.compared(places)


def test_copy_of_a_run_is_the_same_run(folder: Folder) -> None:
    one = folder.write("acme 1", at="2026-12-01T08:00:00+00:00")
    copy = folder.root / "copy"
    copy.mkdir()
    for path in one.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    with pytest.raises(Misuse, match="the same run"):
        compare.compared([one, copy])


def test_run_without_a_summary_has_no_date(folder: Folder) -> None:
    one, other = folder.write("a"), folder.write("b")
    (one / "summary.json").write_text("[]")
    (other / "summary.json").unlink()
    comparison = compare.compared([one, other])
    assert not any("When, UTC" in column.facts for column in comparison.columns)
    assert "date not known" in "\n".join(compare.markdown(comparison))
