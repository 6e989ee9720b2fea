"""The vendor answers every call with 200, a token and always the same PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

on = "vendor"
ANSWER = b'{"access_token": "t", "expires_in": 86400, "pin": "123456789", "pinId": "p"}'


def app(real: WSGIApplication) -> WSGIApplication:
    def agreeing(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/_sim"):
            return real(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [ANSWER]

    return agreeing
