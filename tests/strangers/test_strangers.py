"""A stranger's integration is judged over HTTP, by its own profile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from features.harness.served import Process
from features.harness.served import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
HOME = HERE.parent.parent
PROFILES = HOME / "features" / "profiles"
SECRET = "whsec_" + "c3RyYW5nZXJzIGFyZSB3ZWxjb21lIGhlcmUh"
PORTS = {name: free_port() for name in ("hall", "fakes", "smtp")}


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    text = (PROFILES / "hall.toml").read_text(encoding="utf-8")
    for name, usual in (("fakes", 8700), ("smtp", 2525)):
        text = text.replace(f"127.0.0.1:{usual}", f"127.0.0.1:{PORTS[name]}")
    path = tmp_path / "hall.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Process]:
    environment = {
        "HALL_SECRET": SECRET,
        "HALL_VENDOR": f"http://127.0.0.1:{PORTS['fakes']}",
        "HALL_MAIL": f"127.0.0.1:{PORTS['smtp']}",
        "PYTHONPATH": str(HERE),
    }
    port = PORTS["hall"]
    process = Process("hall", [str(port)], port, tmp_path / "hall.log", environment)
    process.start()
    yield process
    process.stop()


def test_stranger_is_judged_by_what_its_customers_get(
    hall: Process, profile: Path, tmp_path: Path
) -> None:
    results = tmp_path / "results"
    done = subprocess.run(  # noqa: S603 - our own module
        [
            *(sys.executable, "-m", "features.harness", "run"),
            *("--profile", str(profile), "--subject", f"http:{hall.url}"),
            *("--results", str(results)),
        ],
        cwd=HOME,
        env={**os.environ, "HALL_SECRET": SECRET},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = (results / "results.ndjson").read_text(encoding="utf-8").splitlines()
    rules = [row for row in map(json.loads, rows) if row["kind"] == "rule"]
    passed = {row["rule"] for row in rules if row["verdict"] == "pass"}
    assert {"CON-12", "MSG-04", "IGL-02", "IGL-12", "RES-06"} <= passed


def test_stranger_is_loaded_and_audited_by_the_same_profile(
    hall: Process, profile: Path, tmp_path: Path
) -> None:
    results = tmp_path / "load"
    done = subprocess.run(  # noqa: S603 - our own module
        [
            *(sys.executable, "-m", "loadtests", "--seconds", "2", "--rate", "4"),
            *("--profile", str(profile), "--subject", f"http:{hall.url}"),
            *("--results", str(results)),
        ],
        cwd=HOME,
        env={**os.environ, "HALL_SECRET": SECRET},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    (path,) = results.glob("*/result.json")
    result = json.loads(path.read_text(encoding="utf-8"))
    assert result["course"]["subject"] == "the hall 1"
    assert result["bookings"] == 8
    assert not any(result["hazards"].values()), done.stdout
    assert result["converged"] is not None
