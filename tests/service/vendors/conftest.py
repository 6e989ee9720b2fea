"""A vendor's server at a real socket that answers whatever a test wants it to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

# (status, body[, headers]): text is sent as it is, anything else as JSON.
# None is an answer that never comes.
Answer = tuple[Any, ...] | None


@dataclass(frozen=True)
class Call:
    """What the server was asked."""

    method: str
    target: str
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class OddServer(ThreadingHTTPServer):
    """Answers by path, in the order given; the last answer of a path is repeated."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[Call] = []
        self._answers: dict[str, list[Answer]] = {}
        self._turn = Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answers(self, path: str, *answers: Answer) -> None:
        self._answers[path] = list(answers)

    def next_answer(self, call: Call) -> Answer:
        with self._turn:
            self.calls.append(call)
            left = self._answers.get(call.target.partition("?")[0], [(404, {})])
            return left.pop(0) if len(left) > 1 else left[0]

    def asked(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.target.partition("?")[0] == path]


class _Handler(BaseHTTPRequestHandler):
    server: OddServer
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        call = Call(self.command, self.path, dict(self.headers), text)
        answer = self.server.next_answer(call)
        if answer is None:
            self.close_connection = True
            return
        status, body, headers = (*answer, {})[:3]
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = answer  # noqa: N815 (the library's names)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def odd() -> Iterator[OddServer]:
    server = OddServer()
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
