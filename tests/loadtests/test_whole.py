"""A few seconds of load, over sockets: a good run passes, a bad one does not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from loadtests.__main__ import Console
from loadtests.monitor import Sample

if TYPE_CHECKING:
    from collections.abc import Callable

HOME = Path(__file__).parent.parent.parent
Ended = tuple[int, str, Path]


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Ended]:
    """Run a load test of few bookings, and return its exit code, words and folder."""

    def run(*words: str) -> Ended:
        done = subprocess.run(  # noqa: S603 - our own module
            [
                *(sys.executable, "-m", "loadtests", "--results", str(tmp_path)),
                *("--seconds", "2", "--rate", "6", "--vendor", "igloohome", *words),
            ],
            cwd=HOME,
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout + done.stderr
        found = next(tmp_path.glob("*/"), tmp_path)
        return done.returncode, said, found

    return run


def result_in(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return found


def test_good_run_is_audited_and_has_no_hazards(load: Callable[..., Ended]) -> None:
    code, said, folder = load("--processes", "2", "--settle-timeout", "60")
    assert code in {0, 1}, said
    result = result_in(folder)
    assert result["info"]["senders"] == 2
    assert result["bookings"] == 12
    assert not any(result["hazards"].values()), said
    assert result["failures"] == 0
    assert result["converged"] is not None
    page = (folder / "report.html").read_text()
    assert "12 bookings audited at the doors, hazards: none" in page
    assert "<script" not in page
    assert (folder / "locust.html").exists()
    assert not (folder / "plan.json").exists()
    assert {each.name for each in folder.iterdir()} == {
        *("report.html", "result.json", "locust.html", "locust.log", "started.json"),
        *("deliveries.ndjson", "service.log", "fakes.log"),
    }
    for each in folder.iterdir():
        assert b"whsec_" not in each.read_bytes()
        assert b"@load.example.org" not in each.read_bytes()


def test_vendor_that_never_answers_fails_the_thresholds(
    load: Callable[..., Ended],
) -> None:
    code, said, folder = load("--faults", "down", "--settle-timeout", "3")
    assert code == 1, said
    result = result_in(folder)
    assert result["hazards"]["lost"] > 0
    assert result["converged"] is None
    assert "failed: hazards: lost" in said


def test_limits_of_ones_own_decide(load: Callable[..., Ended], tmp_path: Path) -> None:
    path = tmp_path / "limits.toml"
    path.write_text("[answers]\np50 = 0\n")
    code, said, _ = load("--thresholds", str(path))
    assert code == 1, said
    assert "failed: answers: p50 is" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--faults", "otage"), "'outage'"),
        (("--vendor", "acme"), "does not support the vendor 'acme'"),
        (("--subject", "inprocess:service"), "name its URL, http://..."),
        (("--profile", "refrence"), "'reference'"),
        (("--rate", "x"), "argument --rate: 'x': give a number above 0"),
        (("--thresholds", "none.toml"), "none.toml: cannot be read: No such file"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_would_be_right(
    load: Callable[..., Ended], words: tuple[str, ...], says: str
) -> None:
    code, said, _ = load(*words)
    assert code == 2, said
    assert says in said
    assert "Traceback" not in said


def test_run_says_once_a_minute_how_far_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    console = Console(120)
    for second in range(0, 150, 10):
        console.show(Sample(second, 3, 4, {"nuki 200": 5, "nuki 429": 1}, {}, {}))
    console.close()
    assert capsys.readouterr().out.splitlines() == [
        "  1 min left: 6 calls to vendors, 4 messages, 3 jobs",
        "  settling: 6 calls to vendors, 4 messages, 3 jobs",
    ]
