"""HTTP calls of the harness: the answer, and a caller over sockets.

Invariants: a call ends in an `Answer`, whatever its status, or raises `NoAnswer`. Paths
are relative to the base URL that a caller was made for.
"""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = {"Content-Type": "application/json"}
TIMEOUT_SECONDS = 30.0


class NoAnswer(Exception):  # noqa: N818 - what happened, from the caller's side
    """The call was made and no whole answer came."""


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
    """Makes calls over sockets, one kept open per thread.

    A kept socket that the server has closed meanwhile is replaced once, and the call
    repeated; a fresh one that breaks raises `NoAnswer`.
    """

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
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
        kept: http.client.HTTPConnection | None = getattr(self._kept, "socket", None)
        if kept is not None:
            try:
                return self._exchange(kept, method, path, body, headers or {})
            except (http.client.HTTPException, OSError):
                kept.close()
        fresh = self._kept.socket = self._connect()
        try:
            return self._exchange(fresh, method, path, body, headers or {})
        except (http.client.HTTPException, OSError) as broken:
            self._kept.socket = None
            fresh.close()
            message = f"{method} {path}: {type(broken).__name__}: {broken}"
            raise NoAnswer(message) from broken

    def close(self) -> None:
        """Close every socket that is still open."""
        while self._sockets:
            self._sockets.pop().close()

    def _connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._tls else http.client.HTTPConnection
        made = kind(self._host, self._port, timeout=TIMEOUT_SECONDS)
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
        socket.request(method, self._prefix + path, body or None, dict(headers))
        answer = socket.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, names, answer.read())


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
