"""Servers under measurement: processes on a core of their own, stopped in any case.

Invariants: reached over HTTP only. `fakes` and `world` are the fakes with orders for
PINs, by the paths that a client of igloohome and of the control interface would call.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, ClassVar, Final, Self
from urllib.parse import urlencode

from loadtests.bench import machine
from loadtests.bench.client import HOST, Caller, drive, written
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


def baseline_server(home: Path) -> Server:
    """Return the baseline's endpoints, served as the service is; not yet started."""
    port = free_port()
    file = home / f"baseline-{port}.db"
    return Server(module("loadtests.bench.baselines.endpoint", port, file), port)


TOKEN: Final = "bench-control"  # noqa: S105 - it lives as long as a measurement
NOW: Final = "2026-12-01T09:00:00Z"
DAYS: Final = 27
HOURS: Final = 10
"""Windows of a door: as many an hour as the vendor has codes, ten hours a day."""


def fakes() -> Server:
    """Return the fakes, not yet started."""
    port = free_port()
    return Server(module("fakes", "--port", port, "--control-token", TOKEN), port)


@contextlib.contextmanager
def world(server: Server, doors: int) -> Iterator[World]:
    """Yield a world of its own, with so many doors."""
    control = Caller(server.port, TOKEN)
    made = control("POST", "/_sim/worlds", {"now": NOW, "portfolio": "empty"})
    here = f"/_sim/worlds/{made['id']}"
    own = made["credentials"]["igloohome"]
    yield World(server, _add_doors(server, control, here, doors), _bearer(server, own))
    control("DELETE", here)


class World:
    """A world's doors, and orders for PINs at them."""

    def __init__(self, server: Server, doors: list[str], bearer: str) -> None:
        self.server = server
        self._doors = doors
        self._head = {"Authorization": f"Bearer {bearer}"}
        self._numbers = count()

    def listing(self) -> bytes:
        """Return a call that lists the doors and changes nothing."""
        return written("GET", "/igloohome/igloohome/devices", headers=self._head)

    def orders(self) -> Iterator[bytes]:
        """Yield orders without end: door after door, then the next hour."""
        for number in self._numbers:
            turn, place = divmod(number, len(self._doors))
            day, hour = 1 + turn // HOURS % DAYS, 10 + turn % HOURS
            start = f"2026-12-{day:02}T{hour}:00:00+00:00"
            end = f"2026-12-{day:02}T{hour + 1}:00:00+00:00"
            body = (
                f'{{"variance":{1 + turn // (HOURS * DAYS) % 3},'
                f'"startDate":"{start}","endDate":"{end}","accessName":"B-{number}"}}'
            )
            path = f"/igloohome/igloohome/devices/{self._doors[place]}/algopin/hourly"
            yield written("POST", path, body.encode(), self._head)


def _add_doors(server: Server, control: Caller, here: str, doors: int) -> list[str]:
    body = b'{"vendor":"igloohome","name":"a door"}'
    head = {"Authorization": f"Bearer {TOKEN}"}
    drive(server.port, [written("POST", f"{here}/doors", body, head)] * doors)
    return [each["vendor_id"] for each in control("GET", f"{here}/doors")]


def _bearer(server: Server, own: dict[str, str]) -> str:
    caller = Caller(server.port)
    form = {
        "grant_type": "client_credentials",
        "client_id": own["client_id"],
        "client_secret": own["client_secret"],
    }
    kind = "application/x-www-form-urlencoded"
    answer = caller.send("POST", "/igloohome/oauth2/token", urlencode(form), kind)
    return str(answer["access_token"])
