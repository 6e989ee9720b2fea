"""An event that is taken is answered 200."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

on = "service"
reads = {"CON-04", "CON-07", "CON-12", "EXV-02", "RES"}


def app(inner: WSGIApplication) -> WSGIApplication:
    def answering(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        def start(status: str, *rest: Any) -> Any:
            if environ["PATH_INFO"].startswith("/webhooks/") and status.startswith(
                "202"
            ):
                status = "200 OK"
            return start_response(status, *rest)

        return inner(environ, start)

    return answering
