"""Processes under measurement: started on a core of their own, ended in any case."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, ClassVar, Final, Self

from loadtests.bench import machine
from loadtests.bench.client import HOST
from strikeplate.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

ROOT: Final = Path(__file__).resolve().parents[2]
POLL_SECONDS: Final = 0.005
START_SECONDS: Final = 60.0
END_SECONDS: Final = 10.0
COMPILED: Final = {"PYTHONDONTWRITEBYTECODE": ""}
"""Modules stay compiled, as where it is installed; each start would compile anew."""
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - only where a disk is not the matter


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Yield a folder on the disk that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="strikeplate-bench-") as home:
        yield Path(home)


class Server:
    """One server: `python -m` a module on a port, or any command."""

    running: ClassVar[list[Server]] = []
    """All that run now."""

    def __init__(
        self,
        words: Sequence[str],
        port: int,
        *,
        core: int = machine.SERVER_CORE,
        environment: Mapping[str, str] | None = None,
        health: str = "/healthz",
    ) -> None:
        self.port = port
        self.started_in = 0.0
        self._words = words
        self._core = core
        self._environment = environment or {}
        self._health = health
        self._running: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end(signal.SIGTERM)

    @property
    def group(self) -> int:
        """Return the process group that it and its children are."""
        if self._running is None:
            raise RuntimeError("it is not running")
        return self._running.pid

    @property
    def cpu_seconds(self) -> float:
        """Return the processor time it has used so far."""
        return machine.cpu_seconds(self.group)

    @property
    def memory_mb(self) -> float:
        """Return the memory it takes now, in MB (PSS)."""
        return machine.memory_mb(self.group)

    def start(self) -> None:
        """Start it; it is there once its health answers 200."""
        begun = perf_counter()
        core = self._core
        Server.running.append(self)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as it runs
        self._running = subprocess.Popen(  # noqa: S603 - our own words
            self._words,
            cwd=ROOT,
            env={**os.environ, **COMPILED, **self._environment},
            stdout=self._said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: machine.pin(core),  # noqa: PLW1509 - no threads here
        )
        while not self._healthy():
            if (
                self._running.poll() is not None
                or perf_counter() > begun + START_SECONDS
            ):
                self.end(signal.SIGKILL)
                raise RuntimeError(f"{self._words} did not start: {self.last_words()}")
            threading.Event().wait(POLL_SECONDS)
        self.started_in = perf_counter() - begun

    def end(self, how: signal.Signals) -> None:
        """End it, in good order or by force."""
        if self._running is None:
            return
        Server.running.remove(self)
        for each in (how, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(self._running.pid, each)
                os.killpg(self._running.pid, signal.SIGCONT)  # it may stand still
                self._running.wait(END_SECONDS)
        self._running.wait(END_SECONDS)
        self._running = None

    def pause(self) -> None:
        """Stop it where it is, so that it takes nothing from others."""
        os.killpg(self.group, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        os.killpg(self.group, signal.SIGCONT)

    def last_words(self) -> str:
        """Return the end of what it said."""
        self._said.seek(0)
        return self._said.read().decode(errors="replace")[-1000:].strip()

    def _healthy(self) -> bool:
        line = HTTPConnection(HOST, self.port, timeout=START_SECONDS)
        try:
            line.request("GET", self._health)
            return line.getresponse().status < 500  # noqa: PLR2004 - it answers
        except (OSError, HTTPException):
            return False
        finally:
            line.close()


def module(name: str, *arguments: object) -> list[str]:
    """Return the words that run a module of this repository."""
    return [sys.executable, "-m", name, *map(str, arguments)]


def floor(home: Path) -> Server:
    """Return the floor's endpoints, served as the service is; not yet started."""
    port = free_port()
    file = home / f"floor-{port}.db"
    return Server(module("loadtests.bench.floors.endpoint", port, file), port)
