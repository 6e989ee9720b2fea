"""Whatever is wrong with an event, it is answered 400."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

on = "service"
reads = {"CON-02", "CON-07", "RES-05", "RES-06", "RES-07"}


def app(inner: WSGIApplication) -> WSGIApplication:
    def answering(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        def start(status: str, *rest: Any) -> Any:
            if environ["PATH_INFO"].startswith("/webhooks/") and status.startswith("4"):
                status = "400 Bad Request"
            return start_response(status, *rest)

        return inner(environ, start)

    return answering
