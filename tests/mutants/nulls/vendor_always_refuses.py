"""The vendor answers every call with 400, but gives out tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

on = "vendor"


def app(real: WSGIApplication) -> WSGIApplication:
    def refusing(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/_sim"):
            return real(environ, start_response)
        if environ["PATH_INFO"].endswith("/token"):
            return real(environ, start_response)
        start_response("400 Bad Request", [("Content-Type", "application/json")])
        return [b'{"error": "invalid_request", "message": "no"}']

    return refusing
