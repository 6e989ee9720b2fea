"""Fault kind `drop`: the answer never comes.

At a socket the connection is closed before the answer is complete: the response
announces one byte and sends none, so the server can only hang up. Its threads may have
sent the head by then, so the head does not claim success.
A caller in the same process that passes `strikeplate.drop` in its WSGI environ is
called instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug import Response

from fakes.kit.json_api import Strict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Drop(Strict):
    """Whether the connection is closed without an answer."""

    drop: bool = False


def is_set(effect: Drop) -> bool:
    """Whether the effect has this kind."""
    return effect.drop


def replace(_effect: Drop, _own: Response) -> Response:
    """Return the answer that never comes."""
    return DroppedResponse()


class DroppedResponse(Response):
    """A response that closes the connection before it is complete."""

    def __init__(self) -> None:
        super().__init__(status=502)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Call `strikeplate.drop` if it is given, else send an incomplete response."""
        close_connection = environ.get("strikeplate.drop")
        if close_connection is not None:
            close_connection()
        start_response(self.status, [("Content-Length", "1")])
        return _Nothing()


class _Nothing:
    """An empty body without a length, so that no server corrects the announced one."""

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        raise StopIteration

    def close(self) -> None:
        """Do nothing: no resource is held."""
