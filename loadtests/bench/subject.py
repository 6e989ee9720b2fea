"""The reference service under measurement, and the bookings that it is sent.

Invariants: one process on its own core, set up over its API: one connection, one rule a
lock, messages planned for later. So the way from the webhook to the code is measured,
and no mail server. Every message is a new booking, so none is a duplicate by accident,
and no two ask one lock for one window more often than the vendor has codes for it.
"""

from __future__ import annotations

import contextlib
import json
import threading
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from loadtests import now
from loadtests.bench import machine
from loadtests.bench.client import HOST, Caller, written
from loadtests.bench.servers import Server, module
from strikeplate.platforms.signatures import signed
from strikeplate.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path


TOKEN: Final = "bench-owner"  # noqa: S105 - it lives as long as a measurement
RESOURCES: Final = 40
WORKERS: Final = 8


POLL_SECONDS: Final = 0.01
PATIENCE_SECONDS: Final = 120


def pause() -> None:
    """Let a moment pass between two looks."""
    threading.Event().wait(POLL_SECONDS)


def seen(lock: Server) -> dict[str, Any]:
    """Return what the baseline vendor has seen; `at` by the clock of `perf_counter`."""
    return _ask(lock, "/seen")


def calls(lock: Server) -> int:
    """Return how many orders came to the baseline vendor."""
    return int(_ask(lock, "/calls")["calls"])


def wait_for(lock: Server, count: int) -> None:
    """Return once so many orders came to the baseline vendor."""
    begun = perf_counter()
    while calls(lock) < count:
        if perf_counter() > begun + PATIENCE_SECONDS:
            raise TimeoutError(f"{calls(lock)} of {count} orders came")
        pause()


def _ask(lock: Server, path: str) -> dict[str, Any]:
    return dict(Caller(lock.port)("GET", path))


def vendor(delay_ms: int, doors: int = RESOURCES) -> Server:
    """Return the baseline vendor, on the client's core."""
    port = free_port()
    words = module("loadtests.bench.baselines.vendor", port, delay_ms, doors)
    return Server(words, port, core=machine.CLIENT_CORE)


class Subject:
    """The service, and the bookings that it is sent."""

    def __init__(
        self,
        home: Path,
        *,
        workers: int = WORKERS,
        database: str | None = None,
        resources: int = RESOURCES,
    ) -> None:
        self.port = free_port()
        self._resources = resources
        self.database = database or f"sqlite:///{home / 'service.db'}"
        settings = {
            "DATABASE_URL": self.database,
            "API_TOKEN": TOKEN,
            "SECRET_KEY": "YmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggISE=",
            "PORT": str(self.port),
            "PUBLIC_URL": f"http://{HOST}:{self.port}",
            "WORKERS": str(workers),
            "VENDOR_HOSTS": HOST,
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
            messages(self._path, self._secret, first, count, resources=self._resources)
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
            answer = self.api("GET", page)
            names |= {each["booking"] for each in answer["items"]}
            cursor = answer["next_cursor"]
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
        for place, lock in enumerate(locks[: self._resources]):
            rule = {
                "resource": f"court-{place}",
                "locks": [lock["id"]],
                "send_hours_before": 1,
            }
            self.api("POST", f"{here}/rules", rule)


HOURS: Final = 600
"""Start hours to choose from, within the 28 days of an hourly code."""

AHEAD: Final = timedelta(days=2)


def messages(
    path: str, secret: str, first: int, count: int, *, resources: int
) -> Iterator[bytes]:
    """Yield requests that confirm the bookings `B-first` and the next ones.

    `secret` is as Standard Webhooks writes it; a signature is good for five minutes.
    """
    at = now().replace(microsecond=0)
    for number in range(first, first + count):
        body = _body(number, resources, at)
        headers = signed(secret, f"evt_{number}", body, at)
        yield written("POST", path, body, headers)


def _body(number: int, resources: int, at: datetime) -> bytes:
    day = at.replace(minute=0, second=0) + AHEAD
    start = day + timedelta(hours=number // resources % HOURS)
    message = {
        "id": f"evt_{number}",
        "type": "booking.confirmed",
        "occurred_at": at.isoformat(),
        "booking": {
            "id": f"B-{number}",
            "resource": f"court-{number % resources}",
            "start": start.isoformat(),
            "end": (start + timedelta(hours=1)).isoformat(),
            "customer": {
                "name": "Ada Novak",
                "email": f"ada{number}@example.org",
                "phone": "+46701234567",
                "language": "sv",
            },
        },
    }
    return json.dumps(message).encode()
