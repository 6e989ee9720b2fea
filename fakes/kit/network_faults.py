"""Where a fault meets the wire: an answer that is late, an answer that never comes.

Invariants: here alone may real time pass. A caller in the same process that says how,
by `strikeplate.delay` and `strikeplate.drop` in its environ, waits for nothing. At a
socket the connection is closed before the answer is complete: a server that was told a
length, and is given less, can do nothing but hang up. Whether the head was out by then
is up to its threads, so the head claims no success.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from werkzeug import Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LONGEST_SECONDS = 60.0


def delay(environ: WSGIEnvironment, milliseconds: int) -> None:
    """Let the answer be late by so much, a minute at most."""
    if milliseconds <= 0:
        return
    wait = environ.get("strikeplate.delay")
    if wait is not None:
        wait(milliseconds)
    else:
        time.sleep(min(milliseconds / 1000, LONGEST_SECONDS))


class DroppedResponse(Response):
    """The answer that never comes."""

    def __init__(self) -> None:
        super().__init__(status=502)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Hang up: as the caller says, else by promising a byte and sending none."""
        hang_up = environ.get("strikeplate.drop")
        if hang_up is not None:
            hang_up()
        start_response(self.status, [("Content-Length", "1")])
        return _Nothing()


class _Nothing:
    """A body that ends before it began; no list, so that no server may count it."""

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        raise StopIteration

    def close(self) -> None:
        """Nothing was opened."""
