"""The reference service under measurement: one process on its core, set up by its API.

One connection, one rule a lock, messages planned for later, so that what is measured
is the way from the webhook to the code and no mail server.
"""

from __future__ import annotations

import contextlib
import threading
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from loadtests.bench import machine
from loadtests.bench.client import HOST, Caller
from loadtests.bench.platform import messages
from loadtests.bench.process import Server, module
from strikeplate.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN: Final = "bench-owner"  # noqa: S105 - it lives as long as a measurement
RESOURCES: Final = 40
WORKERS: Final = 8


LOOK_SECONDS: Final = 0.01
PATIENCE_SECONDS: Final = 120


def pause() -> None:
    """Let a moment pass between two looks."""
    threading.Event().wait(LOOK_SECONDS)


def seen(lock: Server) -> dict[str, Any]:
    """Return what the floor's vendor has seen; `at` by the clock of `perf_counter`."""
    return _ask(lock, "/seen")


def calls(lock: Server) -> int:
    """Return how many orders came to the floor's vendor."""
    return int(_ask(lock, "/calls")["calls"])


def wait_for(lock: Server, count: int) -> None:
    """Return once so many orders came to the floor's vendor."""
    begun = perf_counter()
    while calls(lock) < count:
        if perf_counter() > begun + PATIENCE_SECONDS:
            raise TimeoutError(f"{calls(lock)} of {count} orders came")
        pause()


def _ask(lock: Server, path: str) -> dict[str, Any]:
    return dict(Caller(lock.port)("GET", path))


def vendor(delay_ms: int, doors: int = RESOURCES) -> Server:
    """Return the floor's vendor, on the client's core."""
    port = free_port()
    words = module("loadtests.bench.floors.vendor", port, delay_ms, doors)
    return Server(words, port, core=machine.CLIENT_CORE)


class Subject:
    """The service, and the bookings that it is sent."""

    def __init__(
        self, home: Path, *, workers: int = WORKERS, database: str | None = None
    ) -> None:
        self.port = free_port()
        self.database = database or f"sqlite:///{home / 'service.db'}"
        settings = {
            "DATABASE_URL": self.database,
            "API_TOKEN": TOKEN,
            "SECRET_KEY": "YmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggISE=",
            "PORT": str(self.port),
            "PUBLIC_URL": f"http://{HOST}:{self.port}",
            "WORKERS": str(workers),
        }
        environment = {f"STRIKEPLATE_{name}": text for name, text in settings.items()}
        self.api = Caller(self.port, TOKEN)
        words = module("service")
        self.server = Server(words, self.port, environment=environment)
        self._sent = 0

    @contextlib.contextmanager
    def running(self, vendor_port: int) -> Iterator[Subject]:
        """Run it meanwhile, linked to the vendor at that port."""
        with self.server:
            self._link(vendor_port)
            yield self

    def bookings(self, count: int) -> list[bytes]:
        """Return so many messages about bookings that it has not heard of."""
        first, self._sent = self._sent, self._sent + count
        return list(
            messages(self._path, self._secret, first, count, resources=RESOURCES)
        )

    def backlog(self) -> int:
        """Return how many pieces of work it has left to do now."""
        work = self.api("GET", "/api/work")
        return int(work["due"]) + int(work["in_flight"])

    def wait_until_done(self) -> None:
        """Return once nothing is due and nothing under way."""
        begun = perf_counter()
        while left := self.backlog():
            if perf_counter() > begun + PATIENCE_SECONDS:
                raise TimeoutError(f"{left} pieces of work are left")
            pause()

    def made(self) -> set[str]:
        """Return the bookings that have a code, as the service tells it."""
        names: set[str] = set()
        page = first = "/api/accesses?status=created&limit=200"
        while page:
            told = self.api("GET", page)
            names |= {each["booking"] for each in told["items"]}
            cursor = told["next_cursor"]
            page = f"{first}&cursor={cursor}" if cursor else ""
        return names

    def restart(self) -> None:
        """Start it again after it was ended; everything it knew is in its store."""
        self.server.start()

    def _link(self, port: int) -> None:
        base = f"http://{HOST}:{port}"
        wish = {
            "vendor": "igloohome",
            "name": "bench",
            "timezone": "Europe/Stockholm",
            "credentials": {
                "client_id": "bench",
                "client_secret": "bench",
                "token_url": f"{base}/oauth2/token",
                "api_url": f"{base}/igloohome",
            },
        }
        made = self.api("POST", "/api/connections", wish)
        here = f"/api/connections/{made['id']}"
        self.api("PATCH", here, {"active": True, "terms_accepted": True})
        self._path = urlsplit(made["webhook_url"]).path
        self._secret = made["webhook_secret"]
        locks = self.api("GET", f"{here}/locks")["items"]
        for place, lock in enumerate(locks[:RESOURCES]):
            rule = {
                "resource": f"court-{place}",
                "locks": [lock["id"]],
                "send_hours_before": 1,
            }
            self.api("POST", f"{here}/rules", rule)
