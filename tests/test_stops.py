"""How the fakes and the service start, and that they always end."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from tests.campaigns.budget import of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 2
PATIENCE_SECONDS = 60
CHANCE = random.Random(7)  # noqa: S311 - moments, no secrets
MOMENTS = [CHANCE.uniform(0.0, 2.0) for _ in range(of(20, 200))]
HEARD = ("env", "--default-signal=INT")
"""What runs in the background of a shell would be started with SIGINT ignored."""

BOTH = pytest.mark.parametrize("module", ["fakes", "service"])


class Start:
    """One process of a module, in a session of its own."""

    def __init__(self, module: str, home: Path, port: int, *options: str) -> None:
        self.ready_file = home / "ready.json"
        if module == "fakes":
            options = (*options, "--port", str(port))
        command = [*HEARD, sys.executable, "-m", module, *options]
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            [*command, "--ready-file", self.ready_file],
            cwd=home,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "STRIKEPLATE_PORT": str(port),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def wait(self, seconds: float) -> bool:
        """Return whether it ended within these seconds."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
            return True
        return False

    def ready(self) -> dict[str, object]:
        """Return what it said when it was ready."""
        looks = (self.wait(0.02) for _ in range(PATIENCE_SECONDS * 50))
        next(over for over in looks if over or self.ready_file.exists())
        said: dict[str, object] = json.loads(self.ready_file.read_text())
        return said

    def group_lives(self) -> bool:
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture
def starts() -> Iterator[list[Start]]:
    begun: list[Start] = []
    yield begun
    for each in begun:
        each.end()


@pytest.mark.parametrize("moment", MOMENTS, ids="{:.6f}s".format)
def test_signal_at_any_moment_of_a_start_ends_the_process(
    moment: float, starts: list[Start], tmp_path: Path
) -> None:
    number = MOMENTS.index(moment)
    module = ("fakes", "service")[number % 2]
    asked = (signal.SIGTERM, signal.SIGINT)[number // 2 % 2]
    start = Start(module, tmp_path, 0)
    starts.append(start)
    assert not start.wait(moment)
    os.killpg(start.process.pid, asked)
    assert start.wait(STOP_SECONDS)
    assert not start.group_lives()


@BOTH
def test_port_in_use_is_refused_before_an_address_is_said(
    module: str, starts: list[Start], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        start = Start(module, tmp_path, port)
        starts.append(start)
        out, err = start.process.communicate(timeout=PATIENCE_SECONDS)
    assert (start.process.returncode, out, err.count("\n")) == (2, "", 1)
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in err


@BOTH
def test_ready_line_tells_the_real_port_and_there_is_no_child(
    module: str, starts: list[Start], tmp_path: Path
) -> None:
    start = Start(module, tmp_path, 0, "--json")
    starts.append(start)
    said = start.ready()
    assert requests.get(f"{said['url']}/healthz", timeout=PATIENCE_SECONDS).ok
    assert start.process.stdout
    assert json.loads(start.process.stdout.readline()) == said
    assert (start.ready_file.stat().st_mode & 0o777) == 0o600
    children = Path(f"/proc/{start.process.pid}/task").glob("*/children")
    assert [each.read_text() for each in children if each.read_text()] == []
    start.process.terminate()
    assert start.wait(STOP_SECONDS)
    assert start.process.returncode == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--port", "99999"], "127.0.0.1:99999: ports end at 65535"),
        (["--host", "1.2.3.4"], "1.2.3.4:0: Cannot assign requested address"),
        (["--vendors", "nosuchpkg"], "'nosuchpkg' is no package"),
        (["--ready-file", "/nowhere/x"], "'/nowhere/x' cannot be written"),
    ],
)
def test_fakes_refuse_what_cannot_be_served_in_one_line(
    options: list[str], says: str
) -> None:
    ended = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "fakes", "--port", "0", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert says in ended.stderr


@BOTH
@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_are_answers_and_no_errors(module: str, option: str) -> None:
    ended = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", module, option],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout


def test_signal_that_is_repeated_ends_workers_no_other_way(
    starts: list[Start], tmp_path: Path
) -> None:
    start = Start("service", tmp_path, 0, "work")
    starts.append(start)
    assert start.process.stdout
    assert start.process.stderr
    start.process.stdout.readline()
    while not start.wait(0.005):
        start.process.terminate()
    assert start.process.returncode == 0
    assert "Traceback" not in start.process.stderr.read()


@pytest.mark.parametrize("command", ["fakes", "serve", "load"])
def test_help_names_the_command_as_it_was_called(command: str) -> None:
    words = [sys.executable, "-m", "strikeplate", command, "--help"]
    found = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert found.stdout.startswith(f"usage: python -m strikeplate {command} ")
