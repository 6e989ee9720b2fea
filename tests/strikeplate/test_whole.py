"""The harness as a whole: the command, judging our own fake vendors."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from strikeplate import HOME, results
from tests.forks import strikeplate

if TYPE_CHECKING:
    from pathlib import Path

JUDGED = ("run", "--vendor", "fake", "--only", "IGL-04")


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    given = ("--results", str(folder), *options)
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "strikeplate", *JUDGED, *given],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )


def test_fakes_hold_the_rules_and_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    first = run(tmp_path / "1")
    second = strikeplate(*JUDGED, "--results", str(tmp_path / "2"))
    assert first.returncode == 0, first.stdout + first.stderr
    one = (tmp_path / "1" / "results.ndjson").read_bytes()
    assert one == (tmp_path / "2" / "results.ndjson").read_bytes()
    found = results.read(tmp_path / "1" / "results.ndjson")
    assert found.headline in first.stdout
    assert first.stdout.replace("/1/", "/2/") == second.stdout


def test_wrong_usage_is_told_in_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "--profile", "nowhere")
    assert done.returncode == 2
    assert "no such profile" in done.stderr
    assert "Traceback" not in done.stderr
