"""A stranger that runs already is judged; one is loaded and audited by its profile."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from strikeplate.processes import free_port
from strikeplate.subjects.vendor import fakes_app, fakes_in
from tests.examples.world import Program, eventually
from tests.strangers.judging import (
    DOOR,
    DOOR_HOURS_MESSAGE,
    EXAMPLES,
    HOME,
    PROFILES,
    judge,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
SECRET = "whsec_" + "c3RyYW5nZXJzIGFyZSB3ZWxjb21lIGhlcmUh"
PORTS = {name: free_port() for name in ("example", "fakes", "smtp")}
USUAL = {"example": 8000, "fakes": 8700, "smtp": 2525}
MISTAKES = (
    "none",
    "lost",
    "doubled",
    "wrong window",
    "message missing",
    "message doubled",
)
"""What befalls bookings of the careless example, in its own order."""

LIVED = (
    *DOOR_HOURS_MESSAGE,
    "CON-11: moved to another",
    "CON-11: moved by minutes",
    "CON-12: leaves one code and one message",
    "CON-12: from four senders at once",
    "CON-12: since the cancellation wins",
    "IGL-12: Each has a code of their own",
    *("RES-06: One of several", "RES-06: A replayed"),
)
"""What is judged on real seconds; of CON-11 and CON-12 what needs no set clock."""

DOORS = {"court-1": "Court 1", "court-2": "Office keypad"}


@pytest.fixture
def running(tmp_path: Path) -> Path:
    """Return the profile of an example that runs already, its ports filled in."""
    text = (HERE / "running.toml").read_text(encoding="utf-8")
    for name, usual in USUAL.items():
        text = text.replace(str(usual), str(PORTS[name]))
    path = tmp_path / "running.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Program]:
    """Run the igloohome example for the locks of the world `demo`."""
    demo = fakes_in(fakes_app()).world("demo").doors()
    ids = {door.name: door.vendor_id for door in demo}
    zone, vendor = "Europe/Stockholm", f"http://127.0.0.1:{PORTS['fakes']}/igloohome"
    places = {name: {"lock": ids[door], "zone": zone} for name, door in DOORS.items()}
    environment = {
        "IGLOOHOME_API_URL": f"{vendor}/igloohome",
        "IGLOOHOME_TOKEN_URL": f"{vendor}/oauth2/token",
        "IGLOOHOME_CLIENT_ID": "demo-igloohome-client_id",
        "IGLOOHOME_CLIENT_SECRET": "demo-igloohome-client_secret",
        "RESOURCES": json.dumps(places),
        "WEBHOOK_SECRET": SECRET,
        "SMTP": f"127.0.0.1:{PORTS['smtp']}",
        "PORT": str(PORTS["example"]),
        "DATABASE": str(tmp_path / "codes.db"),
        "RETRY_SECONDS": "0.05",
    }
    command = (sys.executable, str(EXAMPLES / "igloohome.py"))
    program = Program(command, environment, PORTS["example"], tmp_path / "example.log")
    program.start()
    eventually(program.ready, "the example listens")
    yield program
    program.stop()


@pytest.mark.usefixtures("example")
def test_running_stranger_is_judged_by_what_its_customers_get(
    running: Path, tmp_path: Path
) -> None:
    found = judge(running, LIVED, tmp_path, HOOK_SECRET=SECRET)
    assert found.of("pass") == {each[:6] for each in LIVED}, found.printed
    assert found.code == 4
    assert "is partly judged: nothing broken" in found.printed


def test_door_that_does_not_exist_is_a_mistake_of_the_profile(
    running: Path, tmp_path: Path
) -> None:
    text = running.read_text(encoding="utf-8")
    running.write_text(text.replace('"Court 1"', '"Cuort 1"'), encoding="utf-8")
    found = judge(running, DOOR[:1], tmp_path, HOOK_SECRET=SECRET)
    assert found.code == 2
    assert "[resources.court-1] door = 'Cuort 1'" in found.printed
    assert "did you mean 'Court 1'?" in found.printed
    assert not found.rules


def test_secret_that_is_not_set_is_told_before_anything_runs(
    running: Path, tmp_path: Path
) -> None:
    found = judge(running, DOOR[:1], tmp_path, HOOK_SECRET="")
    assert found.code == 2
    assert "the variable HOOK_SECRET is not set" in found.printed


def profile_on_real_time(folder: Path, command: str) -> Path:
    """Return the example's profile with its clock left alone, and another command."""
    text = PROFILES["igloohome"].read_text(encoding="utf-8")
    changes = {
        'control = "preload"': 'control = "none"',
        '["{python}", "igloohome.py"]': f'["{{python}}", "{command}"]',
        "[run]": f"[run]\ndirectory = {str(EXAMPLES)!r}",
        "[run.env]": f"[run.env]\nPYTHONPATH = {f'{EXAMPLES}:{HERE}'!r}",
    }
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / "loaded.toml"
    path.write_text(text, encoding="utf-8")
    return path


def load(profile: Path, folder: Path, seconds: int) -> tuple[str, dict[str, Any]]:
    done = subprocess.run(  # noqa: S603 - our own module
        [
            *(sys.executable, "-m", "loadtests", "--results", str(folder)),
            *("--seconds", str(seconds), "--rate", "6", "--settle-timeout", "3"),
            *("--profile", str(profile)),
        ],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    (path,) = folder.glob("*/result.json")
    return done.stdout + done.stderr, json.loads(path.read_text(encoding="utf-8"))


def test_stranger_is_loaded_and_audited_by_the_same_profile(tmp_path: Path) -> None:
    profile = profile_on_real_time(tmp_path, "igloohome.py")
    said, result = load(profile, tmp_path / "load", seconds=2)
    assert result["info"]["subject"] == "igloohome example 1"
    assert result["bookings"] == 12
    assert not any(result["hazards"].values()), said
    assert result["converged"] is not None


def test_each_mistake_of_a_careless_stranger_is_found_at_the_doors(
    tmp_path: Path,
) -> None:
    profile = profile_on_real_time(tmp_path, str(HERE / "careless.py"))
    _, result = load(profile, tmp_path / "load", seconds=6)
    found = {(each["script"], each["hazard"]) for each in result["findings"]}
    owed = [timing["script"] for timing in result["timings"]]
    made = {number: MISTAKES[number % len(MISTAKES)] for number in owed}
    assert set(made.values()) == set(MISTAKES)
    missed = {
        (number, mistake)
        for number, mistake in made.items()
        if mistake != "none" and (number, mistake) not in found
    }
    assert not missed
    sound = {number for number, mistake in made.items() if mistake == "none"}
    assert not {(n, hazard) for n, hazard in found if n in sound and hazard == "lost"}
