"""What the owner makes is answered 200."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

on = "service"
reads = {"CON-01", "CON-03", "EXV-02", "IGL-09", "NUK-01"}


def app(inner: WSGIApplication) -> WSGIApplication:
    def answering(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        def start(status: str, *rest: Any) -> Any:
            if environ["PATH_INFO"].startswith("/api/") and status.startswith("201"):
                status = "200 OK"
            return start_response(status, *rest)

        return inner(environ, start)

    return answering
