"""Baseline: the cheapest webhooks that Flask can answer, on the service's own server.

`python -m loadtests.bench.baselines.endpoint PORT FILE` serves

    POST /trivial   reads JSON and answers JSON
    POST /signed    the same, its signature checked, one row durably stored

`/signed` is the plain way to write it: a connection per thread, one lock around the
writers, one commit per message with `synchronous=FULL`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import sqlite3
import sys
import threading

from flask import Flask, Response, jsonify, request

import serving

HOST = "127.0.0.1"
THREADS = 16
"""As many as the service has."""

KEY = b"baseline-of-webhooks"
SECRET = base64.b64encode(KEY).decode()


class Rows:
    """One table; a writer at a time."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._here = threading.local()
        self._writing = threading.Lock()
        self._open().execute("CREATE TABLE events (id TEXT PRIMARY KEY, body BLOB)")

    def add(self, message: str, body: bytes) -> None:
        """Return once the row is durable."""
        with self._writing:
            self._open().execute("INSERT INTO events VALUES (?, ?)", (message, body))

    def _open(self) -> sqlite3.Connection:
        known: sqlite3.Connection | None = getattr(self._here, "line", None)
        if known is None:
            known = self._here.line = sqlite3.connect(self._file, isolation_level=None)
            known.execute("PRAGMA journal_mode=WAL")
            known.execute("PRAGMA synchronous=FULL")
        return known


def create_app(file: str) -> Flask:
    """Return the two endpoints as a WSGI app."""
    app, rows = Flask("baseline", static_folder=None), Rows(file)

    @app.post("/trivial")
    def trivial() -> Response:
        return jsonify({"event": request.get_json()["id"], "status": "accepted"})

    @app.post("/signed")
    def signed() -> tuple[Response, int]:
        body, content = request.get_data(), request.headers
        message = content["webhook-id"]
        text = f"{message}.{content['webhook-timestamp']}.".encode() + body
        mark = hmac.digest(KEY, text, hashlib.sha256)
        right = "v1," + base64.b64encode(mark).decode()
        if not hmac.compare_digest(right, content["webhook-signature"]):
            return jsonify({}), 401
        rows.add(message, body)
        return jsonify({"event": request.get_json()["id"], "status": "accepted"}), 202

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return app


def serve(port: int, file: str) -> None:
    """Serve until a signal ends it."""
    serving.exit_at_signals()
    bound = serving.listener(HOST, port)
    serving.serve(create_app(file), bound, serving.Threads(THREADS), lambda: None)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
