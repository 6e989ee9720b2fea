"""It answers every request with success, and stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

on = "service"
HELD = b'{"id": "x", "linked": true, "status": "accepted", "reason": "later", '
MADE = (
    HELD
    + b'"webhook_url": "http://127.0.0.1/webhooks/x", "webhook_secret": "whsec_eA=="}'
)


def app(real: WSGIApplication) -> WSGIApplication:
    def forgetful(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET":
            return real(environ, start_response)
        start_response("201 Created", [("Content-Type", "application/json")])
        return [MADE]

    return forgetful
