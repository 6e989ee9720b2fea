"""A receiver of a vendor's webhooks, and what was reported to it.

Invariants: every post is answered 200 and kept as it came, oldest first. One receiver
serves all runs; each run has an address of its own there.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from strikeplate.oracle.reports import What

HOST = "127.0.0.1"
LARGEST = 1 << 20


@dataclass(frozen=True)
class Posted:
    """What came: the headers by their names in lower case, and the body's bytes."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Report:
    """What a vendor says of a code or a door, by its own names for them."""

    what: What
    door: str
    code: str = ""
    times: tuple[datetime | None, datetime | None] | None = None


@dataclass
class Receiver:
    """A server on this machine that vendors post to; `close` ends it."""

    posted: dict[str, list[Posted]] = field(default_factory=dict)
    """What came, by path."""

    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer((HOST, 0), self._handler())
        self._server.daemon_threads = True
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, name="webhooks", daemon=True)
        self._thread.start()

    def new_url(self) -> str:
        """Return a new address of this receiver."""
        port = self._server.server_address[1]
        return f"http://{HOST}:{port}/{next(self._numbers)}"

    def at(self, url: str) -> list[Posted]:
        """Return what came to an address."""
        return list(self.posted.get(urlsplit(url).path, ()))

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        posted = self.posted

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = min(int(self.headers.get("content-length") or 0), LARGEST)
                headers = {name.lower(): text for name, text in self.headers.items()}
                came = Posted(headers, self.rfile.read(length))
                posted.setdefault(self.path, []).append(came)
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing of what came."""

        return Handler
