"""It answers every call with 404."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

on = "service"


def app(_real: WSGIApplication) -> WSGIApplication:
    def refusing(
        _environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        start_response("404 Not Found", [("Content-Type", "application/json")])
        return [b'{"detail": "nothing here"}']

    return refusing
