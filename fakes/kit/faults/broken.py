"""Fault kinds `reset`, `garbage` and `slow_body_ms`: an answer that breaks off.

`reset` aborts the connection (RST) where `drop` closes it; where there is no socket to
abort, it does what `drop` does. `garbage` sends the first half of the vendor's own
body, so that JSON does not parse. `slow_body_ms` sends the body in pieces, for so long.
"""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, Annotated

from pydantic import Field
from werkzeug import Response

from fakes.kit.faults.delay import LONGEST_MS, pause
from fakes.kit.faults.drop import DroppedResponse
from fakes.kit.json_api import Strict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NOT_LINGERING = struct.pack("ii", 1, 0)  # what makes a closed socket send RST
PIECES = 10


class Broken(Strict):
    """How an answer breaks off, or drags on."""

    reset: bool = False
    garbage: bool = False
    slow_body_ms: Annotated[int, Field(ge=0, le=LONGEST_MS)] = 0


def resets(effect: Broken) -> bool:
    """Whether the connection is aborted."""
    return effect.reset


def garbles(effect: Broken) -> bool:
    """Whether the body breaks off."""
    return effect.garbage


def is_slow(effect: Broken) -> bool:
    """Whether the body is late."""
    return effect.slow_body_ms > 0


def reset(_effect: Broken, _own: Response) -> Response:
    """Return the answer that never comes, since the connection is aborted."""
    return ResetResponse()


def garble(_effect: Broken, own: Response) -> Response:
    """Return the first half of the body; of an empty one, half an object."""
    body = own.get_data()
    cut = body[: len(body) // 2] or b'{"'
    kind = own.content_type if body else "application/json"
    return Response(cut, own.status_code, content_type=kind)


def slow(effect: Broken, own: Response) -> Response:
    """Return the own answer, in pieces."""
    return SlowResponse(own, effect.slow_body_ms)


class ResetResponse(DroppedResponse):
    """A response that aborts its connection."""

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Tell the socket not to linger, and close it with an incomplete response."""
        channel = getattr(environ.get("waitress.client_disconnected"), "__self__", None)
        if channel is not None:
            channel.socket.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, NOT_LINGERING
            )
        return super().__call__(environ, start_response)


class SlowResponse(Response):
    """A response whose body comes in pieces."""

    def __init__(self, own: Response, over_ms: int) -> None:
        super().__init__(own.get_data(), own.status_code, own.headers)
        self._over_ms = over_ms

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Send the head at once, and the body piece by piece."""
        start_response(self.status, self.get_wsgi_headers(environ).to_wsgi_list())
        return self._pieces(environ)

    def _pieces(self, environ: WSGIEnvironment) -> Iterator[bytes]:
        body = self.get_data()
        size = -(-len(body) // PIECES) or 1
        starts = range(0, len(body), size)
        for start in starts:
            pause(self._over_ms // len(starts), environ)
            yield body[start : start + size]
