"""What the owner asks for in vain is answered 400."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

on = "service"
reads = {"CON-01", "CON-03", "EXV", "IGL", "MSG-03", "NUK-01", "RES-05"}


def app(inner: WSGIApplication) -> WSGIApplication:
    def answering(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        def start(status: str, *rest: Any) -> Any:
            if environ["PATH_INFO"].startswith("/api/") and status[:3] in {
                "409",
                "422",
            }:
                status = "400 Bad Request"
            return start_response(status, *rest)

        return inner(environ, start)

    return answering
