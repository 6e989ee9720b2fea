"""HTTP calls of the harness: over sockets, or to a WSGI application in this process.

Invariants: a call ends in an `Answer`, whatever its status, or raises `NoAnswer`. Paths
are relative to the base URL that a caller was made for. An exchange has one total time,
however slowly the other side sends, and an answer has at most `LONGEST_BYTES`.

`WsgiNetwork` stands in for urllib3's pool of connections. An application may call
`environ["strikeplate.drop"]()` to drop its answer, and
`environ["strikeplate.delay"](ms)` to delay it; no real time passes.
"""

from __future__ import annotations

import http.client
import io
import json
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from urllib3 import HTTPHeaderDict, HTTPResponse, Timeout
from urllib3.exceptions import ProtocolError
from urllib3.exceptions import TimeoutError as TooLate

from strikeplate import suite_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from _typeshed.wsgi import WSGIApplication


JSON = {"Content-Type": "application/json"}
TIMEOUT_SECONDS = 30.0
LEAST_SECONDS = 0.001
LONGEST_BYTES = 64 * 1024 * 1024


class NoAnswer(Exception):  # noqa: N818 - what happened, from the caller's side
    """The call was made but no complete answer came."""


@dataclass(frozen=True)
class Answer:
    """What came back: its status, headers by lower-case name, and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """True for a status of 2xx."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 are replaced."""
        return self.body.decode(errors="replace")

    def json(self) -> Any:  # JSON has no narrower type
        """Return the body as JSON, or None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class Caller(Protocol):
    """Makes calls below one base URL."""

    def __call__(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer, or raise `NoAnswer`."""


class HttpCaller:
    """Makes calls over sockets; each thread keeps one open.

    If the server has closed a kept socket, the call is repeated once over a new one; a
    new one that breaks raises `NoAnswer`, and so does an answer that takes longer than
    the timeout in all.
    """

    def __init__(self, base: str, timeout: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(base)
        self._timeout = timeout
        self._host = parts.hostname or ""
        self._port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        self._tls = parts.scheme == "https"
        self._prefix = parts.path.rstrip("/")
        self._kept = threading.local()
        self._sockets: list[http.client.HTTPConnection] = []

    def __call__(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer, or raise `NoAnswer`."""
        call = (method, path, body, headers or {})
        kept: http.client.HTTPConnection | None = getattr(self._kept, "socket", None)
        try:
            if kept is not None:
                with suppress(ConnectionError):
                    return self._exchange(kept, *call)
                kept.close()
            return self._exchange(self._connect(), *call)
        except (http.client.HTTPException, OSError) as broken:
            self._kept.socket.close()
            self._kept.socket = None
            message = f"{method} {path}: {type(broken).__name__}: {broken}"
            raise NoAnswer(message) from broken

    def close(self) -> None:
        """Close every socket that is still open."""
        while self._sockets:
            self._sockets.pop().close()

    def _connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._tls else http.client.HTTPConnection
        made = kind(self._host, self._port, timeout=self._timeout)
        made.response_class = suite_module("serving.deadlines").TimedAnswer
        self._kept.socket = made
        self._sockets.append(made)
        return made

    def _exchange(
        self,
        socket: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
    ) -> Answer:
        ends = monotonic() + self._timeout
        if socket.sock is not None:  # a kept one has what the last answer left it
            socket.sock.settimeout(self._timeout)
        socket.request(method, self._prefix + path, body or None, dict(headers))
        socket.sock.settimeout(max(ends - monotonic(), LEAST_SECONDS))
        answer = socket.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, names, _body(answer))


class AnswerTooLong(http.client.HTTPException):
    """The body of an answer has more than `LONGEST_BYTES`."""

    def __str__(self) -> str:
        return f"its body has more than {LONGEST_BYTES} bytes"


def _body(answer: http.client.HTTPResponse) -> bytes:
    if (answer.length or 0) > LONGEST_BYTES:
        raise AnswerTooLong
    if answer.length is not None:
        return answer.read()  # which notices what is missing
    body = answer.read(LONGEST_BYTES + 1)
    if len(body) > LONGEST_BYTES:
        raise AnswerTooLong
    return body


def call_json(
    caller: Caller,
    method: str,
    path: str,
    data: object = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Return the answer to a call whose body is JSON; no body where data is None."""
    if data is None:
        return caller(method, path, headers=headers)
    body = json.dumps(data).encode()
    return caller(method, path, body=body, headers={**JSON, **(headers or {})})


PORTS = {"http": "80", "https": "443"}
BARE = frozenset({"content-type", "content-length"})


class _Dropped(BaseException):
    """Leaves an application whose answer is dropped."""


@dataclass
class _Exchange:
    """One call of an application, with its status, headers and delay."""

    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    late_ms: int = 0

    def start(
        self, status: str, headers: list[tuple[str, str]], _error: object = None
    ) -> Callable[[bytes], object]:
        self.status, self.headers = status, headers
        return _no_write

    def delay(self, milliseconds: int) -> None:
        self.late_ms += milliseconds

    def drop(self) -> None:
        raise _Dropped

    def run(self, app: WSGIApplication, environ: dict[str, Any]) -> bytes:
        environ["strikeplate.drop"] = self.drop
        environ["strikeplate.delay"] = self.delay
        chunks: Iterable[bytes] = ()
        try:
            chunks = app(environ, self.start)
            return b"".join(chunks)
        except _Dropped:
            raise NoAnswer("the answer was dropped") from None
        finally:
            close = getattr(chunks, "close", None)
            if close:
                close()

    @property
    def code(self) -> int:
        return int(self.status.split(" ", 1)[0])

    def answer(self, body: bytes) -> Answer:
        names = {name.lower(): value for name, value in self.headers}
        return Answer(self.code, names, body)


class WsgiCaller:
    """Calls one application; paths are relative to `base`."""

    def __init__(self, app: WSGIApplication, base: str = "http://127.0.0.1") -> None:
        self.app = app
        self._base = base.rstrip("/")

    def __call__(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer, or raise `NoAnswer`."""
        exchange = _Exchange()
        environ = _environ(method, self._base + path, headers or {}, body)
        return exchange.answer(exchange.run(self.app, environ))


class WsgiNetwork:
    """Stands in for a connection pool of urllib3; one application answers each call."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def urlopen(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: Timeout | None = None,
        **_: Any,
    ) -> HTTPResponse:
        """Return the answer; a dropped or late one raises as over a socket."""
        exchange = _Exchange()
        environ = _environ(method, url, headers or {}, body or b"")
        try:
            sent = exchange.run(self._app, environ)
        except NoAnswer as dropped:
            raise ProtocolError(str(dropped)) from None
        patience = timeout.read_timeout if timeout else None
        if patience is not None and exchange.late_ms > patience * 1000:
            raise TooLate("the answer came too late")
        received = HTTPHeaderDict(exchange.headers)
        return HTTPResponse(
            io.BytesIO(sent), received, exchange.code, preload_content=False
        )


def _environ(
    method: str, url: str, headers: Mapping[str, str], body: bytes
) -> dict[str, Any]:
    parts = urlsplit(url)
    path = unquote_to_bytes(parts.path).decode("latin-1")
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path or "/",
        "QUERY_STRING": parts.query,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **_server(parts),
        **{_key(name): _text(value) for name, value in headers.items()},
    }


def _server(parts: SplitResult) -> dict[str, str]:
    return {
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or PORTS[parts.scheme]),
        "HTTP_HOST": parts.netloc,
    }


@lru_cache
def _key(name: str) -> str:
    bare = name.upper().replace("-", "_")
    return bare if name.lower() in BARE else f"HTTP_{bare}"


def _text(value: str | bytes) -> str:
    """Return a header's value as a WSGI server does: bytes read as Latin-1."""
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _no_write(_data: bytes) -> object:
    message = "this application writes to start_response's answer; return the body"
    raise NotImplementedError(message)
