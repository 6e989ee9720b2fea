"""Runs the command `strikeplate` in a fork of a process that has run it once.

A process of its own imports the suite and reads all rules, which takes seconds; a fork
has them already. The process that is forked does nothing else and has one thread.

Invariants: what runs is `strikeplate.__main__.main`, as `python -m strikeplate` does,
with arguments, environment and output of its own, and an end of its own.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

from strikeplate import HOME
from strikeplate.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST = ("check", "--only", "IGL-04")
"""What is run once, so that the forks have what it imports and reads."""


def strikeplate(
    *arguments: str, env: Mapping[str, str] = os.environ
) -> subprocess.CompletedProcess[str]:
    """Run the command, and return how it ended and what it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("output", "errors")]
        asked = [arguments, dict(env), *map(str, files)]
        requests, answers = _forked()
        print(json.dumps(asked), file=requests, flush=True)
        code = int(answers.readline())
        wrote, complained = (path.read_text(encoding="utf-8") for path in files)
    return subprocess.CompletedProcess(arguments, code, wrote, complained)


@cache
def _forked() -> tuple[IO[str], IO[str]]:
    """Start the process that is forked; it ends with its input."""
    started = subprocess.Popen(  # noqa: S603 - this very file
        [sys.executable, "-m", __name__],
        cwd=HOME,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(started.communicate)
    assert started.stdin
    assert started.stdout
    return started.stdin, started.stdout


def _serve() -> None:
    """Run each command that is asked for in a fork, one after another."""
    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    with tempfile.TemporaryDirectory() as folder:
        _redirect(output=os.devnull, errors=os.devnull)
        main([*FIRST, "--results", folder])
    gc.freeze()  # what is there already is not looked through in each fork
    for line in requests:
        child = os.fork()
        if not child:
            _run(*json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


def _run(
    arguments: list[str], env: dict[str, str], output: str, errors: str
) -> NoReturn:
    """Run a command, and end as it ends."""
    _redirect(output, errors)
    os.environ.clear()
    os.environ.update(env)
    sys.exit(main(arguments))


def _redirect(output: str, errors: str) -> None:
    """Let nothing be read, and what is written go into these files."""
    for number, path in enumerate((os.devnull, output, errors)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)


if __name__ == "__main__":
    _serve()
