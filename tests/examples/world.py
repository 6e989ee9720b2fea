"""The fakes as a test sees them: one process, and a world with doors of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from strikeplate.processes import free_port, wait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "control"
PATIENCE_SECONDS = 15.0
POLL_SECONDS = 0.02


def eventually(condition: Callable[[], Any], what: str) -> Any:  # any truthy value
    """Return what a condition gives once it gives something; fails after a bound."""
    for _ in range(int(PATIENCE_SECONDS / POLL_SECONDS)):
        if found := condition():
            return found
        wait(POLL_SECONDS)
    raise AssertionError(f"it did not happen in {PATIENCE_SECONDS} s: {what}")


@dataclass
class Program:
    """A process on a port of its own, with what it wrote."""

    command: Sequence[str]
    environment: Mapping[str, str]
    port: int
    log: Path

    def start(self) -> None:
        """Start it; `ready` says when it listens."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - the examples of this repository
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def ready(self) -> bool:
        """Whether it answers; fails with its last words when it has ended."""
        assert self.process.poll() is None, self.log.read_text()[-2000:]
        try:
            requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5)
        except requests.ConnectionError:
            return False
        return True

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


def fakes(folder: Path) -> Program:
    """Return the fakes, not started yet."""
    port = free_port()
    options = ["--port", str(port), "--control-token", TOKEN]
    command = [sys.executable, "-m", "fakes", *options]
    return Program(command, {}, port, folder / "fakes.log")


class World:
    """A tenant of the fakes, whose clock runs as ours does."""

    def __init__(self, url: str) -> None:
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {TOKEN}"
        self._url = f"{url}/_sim/worlds"
        made = self.call("POST", "", {"portfolio": "empty"})
        self.credentials: dict[str, dict[str, str]] = made["credentials"]
        self._url += f"/{made['id']}"

    def call(self, method: str, path: str, body: Any = None) -> Any:  # JSON
        """Call the control interface."""
        answer = self._session.request(method, self._url + path, json=body, timeout=10)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def add_door(self, vendor: str, name: str, timezone: str) -> dict[str, Any]:
        """Return a new door."""
        fields = {"vendor": vendor, "name": name, "timezone": timezone}
        door: dict[str, Any] = self.call("POST", "/doors", fields)
        return door

    def opens(self, door: str, at: datetime, **typed: str) -> bool:
        """Whether a door would open at a moment; it leaves no trace."""
        asked = {"at": at.isoformat(), **typed}
        answer: dict[str, Any] = self.call("POST", f"/doors/{door}/probe", asked)
        return bool(answer["opens"])

    def lose_an_answer(self, vendor: str, method: str, path: str) -> None:
        """Let the vendor act on the next such call without the caller hearing of it."""
        fault = {"vendor": vendor, "method": method, "path": path, "times": 1}
        expected = {**fault, "phase": "after", "effect": {"drop": True}}
        self.call("POST", "/faults", expected)

    def struck(self) -> bool:
        """Whether a fault has struck."""
        return any(each["fault"] for each in self.call("GET", "/requests"))

    def asked(self, vendor: str, method: str) -> int:
        """Return how often a vendor was called in a way."""
        calls = self.call("GET", f"/requests?vendor={vendor}")
        return sum(each["method"] == method for each in calls)
