"""Serves a WSGI application on a free port of loopback, in a thread of the test."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed.wsgi import WSGIApplication

POLL_SECONDS = 0.01


class Silent(WSGIRequestHandler):
    """Logs nothing: links are half of a key."""

    def log(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(app: WSGIApplication, port: int = 0) -> Iterator[str]:
    """Yield the address at which the application is served meanwhile."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Silent)
    thread = Thread(target=server.serve_forever, args=(POLL_SECONDS,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
