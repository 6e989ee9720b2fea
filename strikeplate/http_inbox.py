"""A place where a subject posts its messages by HTTP, in a format of its own.

What is posted is JSON; two or three JMESPaths of the profile say who it is for, what it
says, and its subject. Whatever else comes is answered 400 with the reason.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import jmespath

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from strikeplate.profiles.shape import Messages

HOST = "127.0.0.1"
LARGEST = 1 << 20


@dataclass(frozen=True)
class Posted:
    """One message: to an address or a phone number, as it was posted."""

    to: str
    text: str
    subject: str = ""
    headers: str = ""


class HttpInbox:
    """The server and what it was given, oldest first."""

    def __init__(self, messages: Messages) -> None:
        self.refuses = False
        self.refused_last = False
        self.on_mail: Callable[[Posted], None] | None = None
        self.said = ""
        """Why what was posted last is no message, without its values; else empty."""

        self._paths = messages
        self._posted: list[Posted] = []
        self._server = ThreadingHTTPServer((HOST, 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="http-inbox", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where to post to."""
        return f"http://{HOST}:{self._server.server_address[1]}/"

    def __len__(self) -> int:
        return len(self._posted)

    def __iter__(self) -> Iterator[Posted]:
        return iter(tuple(self._posted))

    def clear(self) -> None:
        """Forget what came."""
        self._posted.clear()
        self.refused_last = False
        self.said = ""

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, body: bytes) -> tuple[int, str]:
        """Keep a message, and return the status and text to answer with."""
        self.refused_last = self.refuses
        if self.refuses:
            return 503, "try again later"
        try:
            self._posted.append(self._read(body))
        except ValueError as mishap:
            self.said = f"what it posted was refused with 400: {mishap}"
            return 400, str(mishap)
        self.said = ""
        if self.on_mail:
            self.on_mail(self._posted[-1])
        return 202, "taken"

    def _read(self, body: bytes) -> Posted:
        """Return the message that was posted; `ValueError` says why it is none."""
        try:
            payload = json.loads(body)
        except ValueError as mishap:
            text = f"a message is JSON: {mishap}"
            raise ValueError(text) from None
        found = {name: self._find(name, payload) for name in ("to", "text", "subject")}
        for name in ("to", "text"):
            if not found[name]:
                fields = ", ".join(payload) if isinstance(payload, dict) else "none"
                path = f"[messages] {name} = {getattr(self._paths, name)!r}"
                text = f"{path} finds nothing in it; its fields: {fields}"
                raise ValueError(text)
        return Posted(**found)

    def _find(self, name: str, payload: object) -> str:
        path = getattr(self._paths, name)
        found = jmespath.search(path, payload) if path else None
        return "" if found is None else str(found)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = min(int(self.headers.get("content-length") or 0), LARGEST)
                status, text = inbox.take(self.rfile.read(length))
                body = json.dumps({"detail": text}).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_parts: object) -> None:
                """Write nothing: messages hold codes."""

        return Handler
