"""The server says that it has deleted a PIN, which the lock goes on taking."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

on = "vendor"
breaks = {"IGL-08"}


def app(real: WSGIApplication) -> WSGIApplication:
    def deleting(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if (
            environ["REQUEST_METHOD"] != "DELETE"
            or "algopin" not in environ["PATH_INFO"]
        ):
            return real(environ, start_response)
        start_response("204 No Content", [])
        return []

    return deleting
