"""Answers that must be whole by a deadline; a socket allows so long for each byte.

Service and fakes both call others, and import nothing of one another.
"""

from __future__ import annotations

from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socket import SocketIO, socket


class UntilDeadline(RawIOBase):
    """Reads a socket for so many seconds from now, else for as long as its timeout."""

    def __init__(self, sock: socket, seconds: float | None = None) -> None:
        self._sock = sock
        self._raw: SocketIO = sock.makefile("rb", buffering=0)
        self._allowed = sock.gettimeout() if seconds is None else seconds
        self._ends = monotonic() + (self._allowed or 0)

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    # Any: a buffer, whose type Python 3.11 cannot name
    def readinto(self, buffer: Any) -> int | None:
        """Read what has arrived; raise `TimeoutError` once the deadline has passed."""
        if self._allowed is not None:
            left = self._ends - monotonic()
            if left <= 0:
                raise TimeoutError("the answer took too long")
            self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()


class TimedAnswer(HTTPResponse):
    """An answer whose head and body must have arrived within the socket's timeout."""

    # Any: the options are those of the standard library, passed on as they are
    def __init__(self, sock: socket, *options: Any, **named: Any) -> None:
        super().__init__(sock, *options, **named)
        self.fp.close()
        self.fp = BufferedReader(UntilDeadline(sock))
