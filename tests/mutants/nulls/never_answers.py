"""It never answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

on = "service"


def app(_real: WSGIApplication) -> WSGIApplication:
    def silent(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        environ["strikeplate.drop"]()
        start_response("200 OK", [])
        return []

    return silent
