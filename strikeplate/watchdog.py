"""Ends what this process started, also when this process is killed without a warning.

One watchdog process reads our standing instructions from a pipe: `+ GROUP`, `- GROUP`.
When the pipe closes, whatever closed it, it kills the process groups that are left.
Run as a script, this file is that process; it imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys


class Watchdog:
    """A watchdog process, started when the first group is given to it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0

    def guard(self, group: int) -> None:
        """Have a process group killed when this process ends."""
        self._write(f"+ {group}")

    def release(self, group: int) -> None:
        """Leave a process group alone: it has ended."""
        self._write(f"- {group}")

    def _write(self, line: str) -> None:
        if self._process is None or self._owner != os.getpid():
            self._process, self._owner = _started(), os.getpid()
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()


WATCHDOG = Watchdog()


def _started() -> subprocess.Popen[str]:
    """Return a new watchdog process, deaf to the signals that end this one."""
    return subprocess.Popen(  # noqa: S603 - this very file
        [sys.executable, "-S", "-E", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )


def main() -> None:
    """Read instructions until the pipe closes, then kill what is left."""
    groups: set[int] = set()
    for line in sys.stdin:
        sign, group = line.split()
        (groups.add if sign == "+" else groups.discard)(int(group))
    for each in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(each, signal.SIGKILL)


if __name__ == "__main__":
    main()
