"""Processes of ours that a session starts: the fakes, and the service over HTTP.

Each listens on a free port of loopback, writes what it says into a file, and is
ready once its health answers; waiting is bounded. What was started is ended.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from strikeplate import module, variables
from strikeplate.http import HttpCaller, NoAnswer
from strikeplate.verdict import HarnessFault
from strikeplate.watchdog import WATCHDOG

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

HOST = "127.0.0.1"
TOKEN_VARIABLE = "STRIKEPLATE_CONTROL_TOKEN"  # noqa: S105 - a name, no secret
POLL_SECONDS = 0.02
PORTS = range(15_000, 32_000)
TRIES = 100
PATIENCE_SECONDS = 30.0
GRACE_SECONDS = 5.0
LOG_TAIL = 2000
CLOCK_PATH = "/_clock"
"""Where a process of `frozen_clock` takes the time."""


def free_port() -> int:
    """Return a port of loopback that nobody listens on.

    It lies below the ports that outgoing connections are given, so that none of them
    takes it before it is listened on. No other process of ours is given it meanwhile.
    """
    for _ in range(TRIES):
        port = PORTS.start + secrets.randbelow(len(PORTS))
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            _claim(port)
            return port
    raise HarnessFault(f"{TRIES} ports of {HOST} were tried, and none is free")


_CLAIMS: list[socket.socket] = []
MOST_CLAIMS = 32
"""Whoever was given an earlier port listens on it by now, or never will."""


def _claim(port: int) -> None:
    """Hold the datagram port of that number, or raise OSError: somebody else does."""
    claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        claim.bind((HOST, port))
    except OSError:
        claim.close()
        raise
    _CLAIMS.append(claim)
    atexit.register(claim.close)
    while len(_CLAIMS) > MOST_CLAIMS:
        _CLAIMS.pop(0).close()


def fresh_token() -> str:
    """Return a random token for one process and its clients."""
    return secrets.token_urlsafe(16)


def wait(seconds: float) -> None:
    """Wait in real time, between two polls of another process."""
    threading.Event().wait(seconds)


def terminate_in_order() -> None:
    """Turn SIGTERM into KeyboardInterrupt, so that cleanup code runs."""
    unset = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if unset and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)


@dataclass
class Process:
    """One process: `python -m` its module, its port and its log file."""

    module: str
    arguments: Sequence[str]
    port: int
    log: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    _running: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._running.pid if self._running else None

    def start(self) -> None:
        """Start it, and wait until it is healthy; it ends with this process."""
        atexit.register(self.kill)
        terminate_in_order()
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(  # noqa: S603 - our own modules
                [*module(self.module), *self.arguments],
                env={**variables(), **self.variables},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        WATCHDOG.guard(self._running.pid)
        with contextlib.closing(HttpCaller(self.url)) as call:
            for _ in range(int(PATIENCE_SECONDS / POLL_SECONDS)):
                if self._healthy(call):
                    return
                wait(POLL_SECONDS)
        self.stop()
        message = f"{self.module} did not get healthy: {self._log_tail()}"
        raise HarnessFault(message)

    def stop(self) -> None:
        """Terminate it; kill it after a grace period."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it, as a power cut would."""
        self._end(signal.SIGKILL)

    def _healthy(self, call: HttpCaller) -> bool:
        if self._running is None or self._running.poll() is not None:
            message = f"{self.module} ended at once: {self._log_tail()}"
            raise HarnessFault(message)
        try:
            return call("GET", "/healthz").ok
        except NoAnswer:
            return False

    def _end(self, how: signal.Signals) -> None:
        if self._running is None:
            return
        for each in (how, signal.SIGKILL):
            try:
                os.killpg(self._running.pid, each)
                self._running.wait(GRACE_SECONDS)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self._running.wait(GRACE_SECONDS)
        WATCHDOG.release(self._running.pid)
        self._running = None
        atexit.unregister(self.kill)

    def _log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-LOG_TAIL:].strip()
