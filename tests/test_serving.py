"""The server that fakes and service share: what it sends, and how often it looks."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from waitress import wasyncore

import serving

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LENGTH = 8_000_000
"""More than the buffers of a connection on loopback take at once."""

CALLERS = 6
REQUESTS = 100
LOOKS = 2
"""How often the loop may look at all connections for one request: once when it comes
and once when it is answered, fewer where others come meanwhile."""


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    length = int(environ["PATH_INFO"].lstrip("/"))
    start_response("200 OK", [("Content-Length", str(length))])
    return [b"x" * length]


class Served:
    """The server, in a thread: its port, and how often its loop has looked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.looks, self._ends, ready = 0, False, Event()
        self._look = wasyncore.poll2
        monkeypatch.setattr(wasyncore, "poll2", self._counted)
        bound = serving.listener("127.0.0.1", 0)
        self.port = bound.getsockname()[1]
        given = app, bound, serving.Threads(4), ready.set
        self._thread = Thread(target=serving.serve, args=given)
        self._thread.start()
        assert ready.wait(20)

    def ask(self, length: int, times: int = 1) -> set[int]:
        """Ask for so many bytes over one connection; return how many came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with closing(connection):
            return {self._asked(connection, length) for _ in range(times)}

    def stop(self) -> None:
        self._ends = True
        self._thread.join()

    def _asked(self, connection: http.client.HTTPConnection, length: int) -> int:
        connection.request("GET", f"/{length}")
        return len(connection.getresponse().read())

    def _counted(self, timeout: float, connections: dict[int, object]) -> None:
        if self._ends:
            wasyncore.close_all(connections)  # which ends the loop
            return
        self.looks += 1
        self._look(timeout, connections)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    server = Served(monkeypatch)
    yield server
    server.stop()


def test_an_answer_beyond_all_buffers_arrives_whole(served: Served) -> None:
    assert served.ask(LENGTH, times=3) == {LENGTH}
    assert served.ask(3) == {3}


def test_the_loop_looks_a_few_times_a_request(served: Served) -> None:
    with ThreadPoolExecutor(CALLERS) as pool:
        found = [pool.submit(served.ask, 1, REQUESTS) for _ in range(CALLERS)]
    assert {frozenset(each.result()) for each in found} == {frozenset({1})}
    assert served.looks <= LOOKS * CALLERS * REQUESTS
