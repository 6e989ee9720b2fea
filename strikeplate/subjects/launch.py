"""The process of an external subject: started as its profile says, ended in any case.

Its output goes into a file and is shown when it does not start or ends by itself. Its
clock can be set in flight by libfaketime, which is preloaded (`[clock] control =
"preload"`): the wall clock then runs on from any instant, while timers keep real time.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from strikeplate import HOME
from strikeplate.http import HttpCaller, NoAnswer
from strikeplate.processes import CLOCK_PATH, wait
from strikeplate.profiles.shape import Call
from strikeplate.profiles.templates import render
from strikeplate.verdict import ENDED_BY_CLOCK, HarnessFault, Misuse
from strikeplate.watchdog import WATCHDOG

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from strikeplate.profiles.shape import Run

POLL_SECONDS = 0.02
GRACE_SECONDS = 3.0
OUTPUT_SHOWN = 2000
STARTING = {500, 502, 503, 504}
"""Answers of a server that is not ready; one to an unknown path or method is."""

READINESS = (
    "does it listen on {port}? [run] ready says where it is asked, "
    "ready_within for how long"
)


class PreloadedClock:
    """A process's wall clock, set through a file that libfaketime reads."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self._library = library()
        self.set(datetime.now(UTC))

    @property
    def variables(self) -> dict[str, str]:
        """What its environment must hold."""
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Else a wait with a limit ends at once under glibc 2.30 and later, and
            # each thread of Python that waits for another spins.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def set(self, now: datetime) -> None:
        """Let it be an instant; the clock runs on from there."""
        offset = (now - datetime.now(UTC)).total_seconds()
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{offset:+.3f}\n")
        fresh.replace(self._file)  # at once, since it may be read at any moment


RACE = "libfaketime: In parse_ft_string()"
"""What libfaketime writes when it ends a program whose threads read time at once."""


def library() -> Path:
    """Return the file of libfaketime; refuse with the fix where it is missing."""
    found = importlib.util.find_spec("libfaketime")
    root = Path(found.origin).parent if found and found.origin else None
    libraries = sorted(root.rglob("libfaketime*.so*")) if root else []
    if not libraries:
        text = 'control = "preload" needs libfaketime: pip install "strikeplate[clock]"'
        raise Misuse(text)
    return libraries[0]


@dataclass
class SubjectProcess:
    """One process: its command line, folder, environment, and where its output goes."""

    command: str | Sequence[str]
    folder: Path
    output: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    _running: subprocess.Popen[bytes] | None = None

    def start(self, ready: str, within: timedelta) -> None:
        """Start it, and return once `ready` answers like a server that is ready.

        Empty, `ready` says that it serves nothing and need not be waited for.
        Raises `HarnessFault` with its own output if it ends before or takes longer.
        """
        words = shlex.split(self.command) if isinstance(self.command, str) else None
        words = words or list(self.command)
        with self.output.open("ab") as output:
            try:
                self._running = subprocess.Popen(  # noqa: S603 - the profile's own command
                    words,
                    cwd=self.folder,
                    env={**os.environ, **self.variables},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as mishap:
                text = f"[run] command {words[0]!r} cannot be started: {mishap}"
                raise Misuse(text) from None
        WATCHDOG.guard(self._running.pid)
        if ready:
            self._await(ready, within)

    @property
    def ended(self) -> str | None:
        """How it ended by itself, with its last output; None while it runs."""
        if self._running is None or self._running.poll() is None:
            return None
        if RACE in self.wrote:
            raise HarnessFault(ENDED_BY_CLOCK)
        code = self._running.returncode
        how = f"by signal {-code}" if code < 0 else f"with status {code}"
        return f"its process ended {how}{self._tail()}"

    @property
    def wrote(self) -> str:
        """The end of its output."""
        return self.output.read_text(errors="replace")[-OUTPUT_SHOWN:].strip()

    def stop(self) -> None:
        """Ask it to end, and insist after a while."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it without a warning, as a power cut would."""
        self._end(signal.SIGKILL)

    def _await(self, ready: str, within: timedelta) -> None:
        longest = within.total_seconds()
        until = time.monotonic() + longest
        seen = "did not answer"
        with contextlib.closing(HttpCaller(ready, longest)) as call:
            while time.monotonic() < until:
                if self.ended:
                    raise HarnessFault(f"it did not start: {self.ended}")
                with contextlib.suppress(NoAnswer):
                    status = call("GET", "").status
                    if status not in STARTING:
                        return
                    seen = f"did not start: it answered only {status}"
                wait(POLL_SECONDS)
        tail = self._tail()
        self.kill()
        text = f"it {seen} at {ready} within {longest:.0f} s"
        raise HarnessFault(f"{text}; {READINESS}{tail}")

    def _end(self, how: signal.Signals) -> None:
        if self._running is None:
            return
        group = self._running.pid
        for each in (how, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, each)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._running.wait(GRACE_SECONDS)
                break
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)  # what it started itself
        WATCHDOG.release(group)
        self._running = None

    def _tail(self) -> str:
        """Return its last output, as the end of a sentence."""
        return f"; its output:\n{self.wrote}" if self.wrote else "; it wrote nothing"


FROZEN_CLOCK = Call(url=CLOCK_PATH, body='{"now": {{ now | json }}}')
"""The call that sets the clock of a WSGI application that we serve."""

APP_VARIABLES = {
    "PYTHONPATH": os.pathsep.join(
        filter(None, (str(HOME), os.environ.get("PYTHONPATH")))
    )
}
"""What the process that serves it needs, to find us from the folder of its profile."""


def command_line(
    run: Run, seen: Mapping[str, object], now: datetime | None
) -> str | list[str]:
    """Return the command line; a WSGI factory is served with a clock that stands."""
    if run.command is None:
        began = (now or datetime.now(UTC)).isoformat()
        module = [sys.executable, "-m", "strikeplate.frozen_clock", str(run.app)]
        return [*module, "--port", str(seen["port"]), "--now", began]
    if isinstance(run.command, str):
        return render(run.command, seen)
    return [render(word, seen) for word in run.command]
