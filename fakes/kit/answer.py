"""An answer on its way to the caller, as the gate holds it in its hand.

Law: an answer without a status never comes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from werkzeug.test import run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from _typeshed.wsgi import WSGIEnvironment


@dataclass(frozen=True)
class Answer:
    """Status, headers and body; no status: it never comes."""

    status: int | None
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """The media type of the body, or nothing."""
        types = (
            value for name, value in self.headers if name.lower() == "content-type"
        )
        return next(types, "")


LOST = Answer(None)


def ask(app: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Return what a WSGI application answers, whole."""
    body, status, headers = run_wsgi_app(app, environ, buffered=True)
    return Answer(int(status[:3]), headers.to_wsgi_list(), b"".join(body))


def made_up(status: int, body: Any, headers: dict[str, str]) -> Answer:
    """Return an answer that no vendor gave; text as it is, anything else as JSON."""
    text = isinstance(body, str)
    raw = b"" if body is None else (body if text else json.dumps(body)).encode()
    kind = "text/plain; charset=utf-8" if text else "application/json"
    named = {name.lower(): value for name, value in headers.items()}
    full = {"content-type": kind, **named, "content-length": str(len(raw))}
    return Answer(status, list(full.items()), raw)
