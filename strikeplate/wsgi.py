"""Calls of WSGI applications in this process, as if over a socket.

`WsgiCaller` is the harness's own way in; `WsgiAdapter` is a transport for requests,
which an integration mounts in place of the network. An application may say through
`environ["strikeplate.drop"]()` that its answer never comes, and through
`environ["strikeplate.delay"](ms)` that it comes so late; no real time passes.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from strikeplate.http import Answer, NoAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from _typeshed.wsgi import WSGIApplication

PORTS = {"http": "80", "https": "443"}
BARE = frozenset({"content-type", "content-length"})


class _Dropped(BaseException):
    """Breaks out of an application whose answer never comes; no error of its own."""


@dataclass
class _Exchange:
    """One call of an application: what it says about its answer on the way."""

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

    def answer(self, body: bytes) -> Answer:
        names = {name.lower(): value for name, value in self.headers}
        return Answer(int(self.status.split(" ", 1)[0]), names, body)


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


class WsgiAdapter(BaseAdapter):
    """Routes what a requests session sends into one application."""

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self._app = app

    def send(  # type: ignore[override]  # requests names its arguments one by one
        self, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        """Return the answer; one that is dropped or too late raises as a socket's."""
        exchange = _Exchange()
        body = request.body or b""
        raw = body.encode() if isinstance(body, str) else bytes(body)
        environ = _environ(
            request.method or "GET", request.url or "", request.headers, raw
        )
        try:
            sent = exchange.run(self._app, environ)
        except NoAnswer as dropped:
            raise requests.ConnectionError(str(dropped), request=request) from None
        if exchange.late_ms > _patience_ms(options.get("timeout")):
            raise requests.ReadTimeout("the answer came too late", request=request)
        return _response(request, exchange, sent)

    def close(self) -> None:
        """Nothing is kept open."""


def _response(
    request: requests.PreparedRequest, exchange: _Exchange, body: bytes
) -> requests.Response:
    response = requests.Response()
    response.status_code = exchange.answer(body).status
    response.reason = exchange.status.partition(" ")[2]
    response.headers = CaseInsensitiveDict(exchange.headers)
    response.encoding = get_encoding_from_headers(response.headers)
    response.raw = io.BytesIO(body)
    response._content = body  # noqa: SLF001 - as requests' own adapters' users do
    response.request = request
    response.url = request.url or ""
    return response


def _patience_ms(timeout: object) -> float:
    """Return how long a session waits for an answer, from requests' `timeout`."""
    read = timeout[1] if isinstance(timeout, tuple) else timeout
    return float("inf") if read is None else float(str(read)) * 1000


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


def _key(name: str) -> str:
    bare = name.upper().replace("-", "_")
    return bare if name.lower() in BARE else f"HTTP_{bare}"


def _text(value: str | bytes) -> str:
    """Return a header's value as servers hand it on: its bytes, read as Latin-1."""
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _no_write(_data: bytes) -> object:
    message = "this application writes to start_response's answer; return the body"
    raise NotImplementedError(message)
