"""Clients that are merely slow: they cost a socket each, and nobody waits for them.

A third never ends its head, a third never ends its body, a third never reads its
answers. Meanwhile health answers, and at the service a signed webhook.
"""

from __future__ import annotations

import resource
import socket
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

from strikeplate.processes import TOKEN_VARIABLE, Process, free_port
from strikeplate.smtp_sink import SmtpSink
from tests.campaigns import budget
from tests.campaigns.test_kills import deliver
from tests.service.test_served import TOKEN, Served, a_world, connect, simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLIENTS = budget.of(60, 1_000)
LOOKS = budget.of(10, 100)
PATIENCE_SECONDS = budget.of(60.0, 1.0)
"""In CI the machine may be busy; 16 of such clients once stopped health for ever."""

MOST_MEMORY = 300 * 1024 * 1024
HEAD = "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"


@pytest.fixture
def fakes(tmp_path: Path) -> Iterator[Process]:
    port = free_port()
    given = {TOKEN_VARIABLE: TOKEN}
    process = Process(
        "fakes", ["--port", str(port)], port, tmp_path / "fakes.log", given
    )
    process.start()
    yield process
    process.stop()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    sink = SmtpSink()
    made = Served(tmp_path, sink.port)
    yield made
    made.kill()
    sink.close()


def slow_client(url: str, path: str, large: str, number: int) -> socket.socket:
    """Return the socket of a client that leaves the server waiting."""
    parts = urlsplit(url)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(budget.of(60.0, 60.0))
    client.connect((parts.hostname, parts.port))
    post = HEAD.format(method="POST", path=path)
    get = HEAD.format(method="GET", path=large) + "\r\n"
    text = [post, f"{post}content-length: 10\r\n\r\n{{", get][number % 3]
    client.sendall(text.encode())
    return client


def memory_of(pid: int) -> int:
    """Return how many bytes of memory a process has."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def longest(look: Callable[[], object]) -> float:
    """Return how many seconds the slowest of many looks took."""
    took = []
    for _ in range(LOOKS):
        begun = monotonic()
        look()
        took.append(monotonic() - begun)
    return max(took)


def slow_clients(held: ExitStack, url: str, path: str, large: str) -> None:
    """Connect every slow client; they stay until the end, `large` is never read."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, max(soft, CLIENTS * 2))
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    for number in range(CLIENTS):
        with suppress(ConnectionError):  # of one that was closed while it wrote
            held.enter_context(slow_client(url, path, large, number))


def healthy(url: str) -> None:
    assert requests.get(f"{url}/healthz", timeout=60).status_code == 200


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_service_answers_while_many_clients_are_slow(
    served: Served, fakes: Process
) -> None:
    _, credentials = a_world(simulation(), fakes.url)
    connection = connect(served, credentials)
    path = connection["webhook_url"].partition(":8800")[2] or "/webhooks/nobody"
    before, numbers = memory_of(served.pid), iter(range(LOOKS))
    at = datetime.now(UTC)
    with ExitStack() as held:
        slow_clients(held, served.url, path, "/api/openapi.json")
        health = longest(lambda: healthy(served.url))
        webhook = longest(lambda: deliver(served, connection, next(numbers), at))
        grown = memory_of(served.pid) - before
    budget.report(
        f"service, {CLIENTS} slow clients: health within {health:.2f} s, a webhook "
        f"within {webhook:.2f} s, {grown / 2**20:.0f} MB more memory"
    )
    assert max(health, webhook) < PATIENCE_SECONDS
    assert grown < MOST_MEMORY


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_fakes_answer_while_many_clients_are_slow(fakes: Process) -> None:
    assert fakes.pid is not None
    before = memory_of(fakes.pid)
    with ExitStack() as held:
        slow_clients(held, fakes.url, "/nuki/smartlock", "/_sim/openapi.json")
        health = longest(lambda: healthy(fakes.url))
        grown = memory_of(fakes.pid) - before
    budget.report(
        f"fakes, {CLIENTS} slow clients: health within {health:.2f} s, "
        f"{grown / 2**20:.0f} MB more memory"
    )
    assert health < PATIENCE_SECONDS
    assert grown < MOST_MEMORY
