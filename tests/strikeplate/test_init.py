"""`init` writes a profile that can be read, and asks or refuses where it must."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from strikeplate import FEATURES, HOME, vocabulary
from strikeplate import init as command
from strikeplate.__main__ import main
from strikeplate.profile import load_profile
from strikeplate.vocabulary import credentials

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VENDORS = credentials(vocabulary.read(FEATURES))
CREATED = {
    "event": "reservation.created",
    "revision": 1,
    "data": {
        "reservation": "R-17",
        "space": "tent-1",
        "begins": "2026-12-01 15:20",
        "finishes": "2026-12-01 17:20",
        "guest": {"mail": "ada@example.org"},
    },
}
DELETED = {
    "event": "reservation.deleted",
    "revision": 2,
    "data": {"reservation": "R-17"},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, sample in (("created", CREATED), ("deleted", DELETED)):
        (tmp_path / f"{name}.json").write_text(json.dumps(sample), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*options: str) -> int:
    return main(["init", "--vendor", "nuki", "--run", "node server.js", *options])


def profile(folder: Path, name: str = "mine.toml") -> dict[str, Any]:
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))


SAMPLES = ("--sample", "confirmed=created.json", "--sample", "cancelled=deleted.json")


@pytest.mark.usefixtures("folder")
def test_samples_become_the_events_of_the_profile() -> None:
    assert init(*SAMPLES) == 0
    declared = load_profile("mine.toml", (), (), VENDORS).declared
    assert declared is not None
    assert declared.resources["tent-1"].id == "tent-1"
    assert declared.events is not None
    assert declared.events.cancelled is not None
    assert "booking.start | local" in str(declared.events.confirmed.body)
    assert declared.run is not None
    assert declared.run.env["NUKI_API_TOKEN"] == "{nuki.api_token}"


def test_guesses_are_told_in_the_profile_and_on_the_console(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(*SAMPLES)
    printed, text = capsys.readouterr().out, (folder / "mine.toml").read_text()
    for told in (
        "GUESS: data.space is resource.id",
        "GUESS: revision must grow with each event",
        "kept as in the sample: event",
    ):
        assert told in printed
        assert f"# {told}" in text
    assert "check --profile mine.toml --dry-run" in printed


@pytest.mark.parametrize("vendor", sorted(VENDORS))
def test_profile_without_samples_is_read_too(vendor: str, folder: Path) -> None:
    url = "http://127.0.0.1:9000/hooks"
    assert main(["init", "--vendor", vendor, "--url", url]) == 0
    assert profile(folder)["run"]["url"] == "http://127.0.0.1:9000"
    assert profile(folder)["events"]["url"] == "/hooks"
    assert load_profile("mine.toml", (), (), VENDORS).supported == (vendor,)


def test_file_that_exists_is_overwritten_by_force_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mine.toml").write_text("precious")
    assert init() == 2
    assert "mine.toml exists; --force overwrites it" in capsys.readouterr().err
    assert (folder / "mine.toml").read_text() == "precious"
    assert init("--force") == 0
    assert profile(folder)["subject"]["vendors"] == ["nuki"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--vendor", "nukki"], "did you mean 'nuki'?"),
        (["--sample", "confirmd=created.json"], "did you mean 'confirmed'?"),
        (["--sample", "cancelled=deleted.json"], "--sample confirmed=FILE is missing"),
        (["--sample", "confirmed=none.json"],
         "none.json cannot be read: No such file or directory"),
        (["--sample", "updated=created.json"], "write changed=created.json; known: "),
        (["--sample", "deleted=deleted.json"], "write cancelled=deleted.json"),
        (["--zone", "Europe/Osloo"], "did you mean 'Europe/Oslo'?"),
        (["--url", "http://127.0.0.1:1"], "either --run COMMAND or --url URL"),
        (["--output", "mine.yaml"], "must end in .toml"),
    ],
)  # fmt: skip
def test_wrong_flag_is_refused_and_nothing_is_written(
    options: list[str], told: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(*options) == 2
    assert told in capsys.readouterr().err
    assert not (folder / "mine.toml").exists()


def test_without_flags_and_terminal_it_says_what_it_needs(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "strikeplate", "init"],
        cwd=folder,
        env={"PYTHONPATH": str(HOME)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "give --vendor NAME, and either --run COMMAND or --url URL" in done.stderr


def test_on_a_terminal_it_asks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: Iterator[str] = iter(["Camp", "nuki", "node server.js", "created.json"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(command.click, "prompt", lambda *_a, **_k: next(answers))
    assert main(["init"]) == 0
    written = profile(folder)
    assert written["subject"]["name"] == "Camp"
    assert written["run"]["command"] == "node server.js"
    assert "booking.id" in written["events"]["confirmed"]
