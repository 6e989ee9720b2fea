"""An event that nobody signed is answered 403."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

on = "service"
reads = {"CON-02", "RES-06"}


def app(inner: WSGIApplication) -> WSGIApplication:
    def answering(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        def start(status: str, *rest: Any) -> Any:
            if environ["PATH_INFO"].startswith("/webhooks/") and status.startswith(
                "401"
            ):
                status = "403 Forbidden"
            return start_response(status, *rest)

        return inner(environ, start)

    return answering
