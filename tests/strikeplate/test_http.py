from __future__ import annotations

from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from urllib3 import Timeout
from urllib3.exceptions import ProtocolError
from urllib3.exceptions import TimeoutError as TooLate

from strikeplate import http as http_module
from strikeplate.http import HttpCaller, NoAnswer, WsgiCaller, WsgiNetwork
from tests.dripping import dripping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Echo:
    """Answers with what it was asked; drops or delays its answer when told to."""

    def __init__(self, *, drops: bool = False, late_ms: int = 0) -> None:
        self.drops = drops
        self.late_ms = late_ms
        self.acted = 0
        self.closed = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Echo:
        self.acted += 1
        environ["strikeplate.delay"](self.late_ms)
        if self.drops:
            environ["strikeplate.drop"]()
        asked = (environ["REQUEST_METHOD"], environ["PATH_INFO"])
        more = (environ["QUERY_STRING"], environ.get("HTTP_X_WORD", ""))
        body = environ["wsgi.input"].read().decode()
        self.said = "|".join((*asked, *more, environ["HTTP_HOST"], body)).encode()
        start_response("201 Created", [("X-Kind", "echo")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        return iter([self.said])

    def close(self) -> None:
        self.closed += 1


def test_call_reaches_the_application_as_it_was_made() -> None:
    app = Echo()
    answer = WsgiCaller(app, "http://h:8")(
        "PUT", "/a%20b?c=d", body=b"body", headers={"X-Word": "w"}
    )
    assert answer.text == "PUT|/a b|c=d|w|h:8|body"
    assert (answer.status, answer.headers["x-kind"], answer.ok) == (201, "echo", True)
    assert app.closed == 1


def test_dropped_answer_is_no_answer() -> None:
    with pytest.raises(NoAnswer):
        WsgiCaller(Echo(drops=True))("GET", "/")


def test_network_answers_as_a_pool_of_connections_does() -> None:
    asked = {"body": b"a=b", "headers": {"X-Word": "w"}}
    answer = WsgiNetwork(Echo()).urlopen("POST", "http://h/x?c=d", **asked)
    assert (answer.status, answer.data) == (201, b"POST|/x|c=d|w|h|a=b")
    assert answer.headers["x-kind"] == "echo"


def test_dropped_answer_breaks_the_connection() -> None:
    with pytest.raises(ProtocolError):
        WsgiNetwork(Echo(drops=True)).urlopen("GET", "http://h/")


def test_late_answer_times_out_though_the_application_acted() -> None:
    app = Echo(late_ms=1001)
    with pytest.raises(TooLate):
        WsgiNetwork(app).urlopen("GET", "http://h/", timeout=Timeout(connect=5, read=1))
    assert app.acted == 1


def test_answer_within_the_timeout_is_taken() -> None:
    answer = WsgiNetwork(Echo(late_ms=999)).urlopen(
        "GET", "http://h/", timeout=Timeout(connect=5, read=1)
    )
    assert answer.status == 201


PATIENCE_SECONDS = 60.0
ENDLESS = b"HTTP/1.1 200 OK\r\n\r\n"


@pytest.mark.parametrize("text", [b"H", b"HTTP/1.1 200 OK\r\nX: y\r\n", ENDLESS])
def test_subject_that_drips_is_given_up_after_the_timeout(text: bytes) -> None:
    begun = monotonic()
    with (
        dripping(text) as port,
        closing(HttpCaller(f"http://127.0.0.1:{port}", 0.5)) as call,
        pytest.raises(NoAnswer, match="GET /health: "),
    ):
        call("GET", "/health")
    assert monotonic() - begun < PATIENCE_SECONDS


class Subject(BaseHTTPRequestHandler):
    """Answers ten bytes, with their length or without; `/silence` is never answered."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.server.asked.append(self.path)
        if self.path == "/silence":
            self.server.ended.wait(PATIENCE_SECONDS)
        self.send_response(200)
        if self.path == "/open":
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"ten bytes.")

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Subject)
        self.asked: list[str] = []
        self.ended = Event()


@contextmanager
def subject(timeout: float = PATIENCE_SECONDS) -> Iterator[tuple[HttpCaller, Server]]:
    with Server() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        with closing(
            HttpCaller(f"http://127.0.0.1:{server.server_port}", timeout)
        ) as call:
            yield call, server
        server.ended.set()
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/open", "/"])
def test_answer_that_is_too_long_is_no_answer(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with subject() as (call, _):
        monkeypatch.setattr(http_module, "LONGEST_BYTES", 10)
        assert call("POST", path).body == b"ten bytes."
        monkeypatch.setattr(http_module, "LONGEST_BYTES", 9)
        with pytest.raises(NoAnswer, match="its body has more than 9 bytes"):
            call("POST", path)


def test_call_that_takes_too_long_is_not_made_twice() -> None:
    with subject(0.5) as (call, server):
        call("POST", "/")
        with pytest.raises(NoAnswer, match="TimeoutError"):
            call("POST", "/silence")
        assert call("POST", "/").ok
        assert server.asked == ["/", "/silence", "/"]
