"""The load: requests prepared beforehand, sent over a few connections, timed.

Invariants: a closed loop: each connection sends its next request when its answer is in,
so the rate is what the server can do. Nothing unnecessary is built or parsed, so one
core of this is several times as fast as any server here. `Load.client_cpu` shows
whether that holds: near 1 the figures are this program's own.
"""

from __future__ import annotations

import json
import selectors
import socket
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import islice
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

HOST = "127.0.0.1"
CONNECTIONS = 16
SECONDS = 60
"""How long an answer may take."""


@dataclass
class Load:
    """What came of a load: how many were answered, how, in which time."""

    seconds: float = 0.0
    client_cpu: float = 0.0
    accepted: list[bytes] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """Return how many answers came."""
        return len(self.latencies)

    @property
    def rate(self) -> float:
        """Return the answers a second."""
        return self.answered / self.seconds

    def latency_ms(self, share: float) -> float:
        """Return the milliseconds within which that share was answered."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def written(
    method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> bytes:
    """Return a request as it goes over the wire."""
    head = {
        "Host": HOST,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **(headers or {}),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def drive(
    port: int,
    requests: Iterable[bytes],
    *,
    seconds: float = 1e9,
    connections: int = CONNECTIONS,
) -> Load:
    """Return what came of sending the requests, until they or the seconds run out.

    A server that hangs up ends its connection; what it had not answered is no part of
    the load.
    """
    load, queue = Load(), iter(requests)
    with selectors.EpollSelector() as ready:
        for request in islice(queue, connections):
            _Connection(port, ready).send(request)
        begun, spent = perf_counter(), process_time()
        _loop(load, queue, ready, begun + seconds)
        load.seconds = perf_counter() - begun
        load.client_cpu = (process_time() - spent) / load.seconds
    return load


def _loop(
    load: Load, queue: Iterator[bytes], ready: selectors.EpollSelector, until: float
) -> None:
    while ready.get_map():
        happened = ready.select(SECONDS)
        if not happened:
            raise TimeoutError(f"no answer within {SECONDS} s")
        for key, _ in happened:
            line: _Connection = key.data
            try:
                if line.read():
                    _count(load, line)
                    over = perf_counter() >= until
                    line.send(None if over else next(queue, None))
            except ConnectionError:
                line.close()


def _count(load: Load, line: _Connection) -> None:
    load.latencies.append(perf_counter() - line.sent_at)
    if line.status < 300:  # noqa: PLR2004 - a plain yes
        load.accepted.append(line.request)
    else:
        load.refused[line.status] += 1


class _Connection:
    """One connection and the answer that it waits for.

    A server that says that it hangs up after each answer is called again.
    """

    def __init__(self, port: int, ready: selectors.EpollSelector) -> None:
        self._port = port
        self._ready = ready
        self._got = b""
        self._over = False
        self.request = b""
        self.status = 0
        self.sent_at = 0.0
        self._call()

    def send(self, request: bytes | None) -> None:
        """Send the next request; without one, hang up."""
        if request is None:
            self.close()
            return
        self._got, self.request = b"", request
        self.sent_at = perf_counter()
        if self._over:
            self.close()
            self._call()
        self._socket.sendall(request)

    def read(self) -> bool:
        """Return whether the answer is complete."""
        came = self._socket.recv(65_536)
        if not came:
            raise ConnectionError("the server hung up instead of answering")
        self._got += came
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found:
            return False
        self.status, low = int(head[9:12]), head.lower()
        self._over = b"\r\nconnection: close" in low
        place = low.find(b"content-length:")
        if place < 0:
            return b"chunked" not in low or body.endswith(b"0\r\n\r\n")
        return len(body) >= int(low[place + 15 :].split(b"\r\n", 1)[0])

    def _call(self) -> None:
        self._socket = socket.create_connection((HOST, self._port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._ready.register(self._socket, selectors.EVENT_READ, self)

    def close(self) -> None:
        self._ready.unregister(self._socket)
        self._socket.close()


class Caller:
    """Single calls, answered in JSON, to set things up and to look at them."""

    def __init__(self, port: int, token: str = "") -> None:
        self._port = port
        self._bearer = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, body: object = None) -> Any:
        """Return the JSON of a good answer; any other is a RuntimeError."""
        text = "" if body is None else json.dumps(body)
        return self.send(method, path, text, "application/json")

    def send(self, method: str, path: str, text: str, kind: str) -> Any:
        """Return the same for a text of that media type."""
        head = {"Content-Type": kind, **self._bearer}
        with closing(HTTPConnection(HOST, self._port, timeout=SECONDS)) as line:
            line.request(method, path, text.encode(), head)
            answer = line.getresponse()
            came = answer.read()
        if answer.status >= 300:  # noqa: PLR2004 - only a plain yes will do
            detail = came.decode(errors="replace")[:300]
            raise RuntimeError(f"{method} {path} answered {answer.status}: {detail}")
        return json.loads(came) if came else None
