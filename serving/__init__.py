"""Serving a WSGI application: one process, one port, until a signal ends it.

Invariants: the port is taken before anything is loaded, and a port in use is refused.
A thread gets a request when the request is complete; until then it costs a socket and
a buffer, for at most `REQUEST_SECONDS`. A call that only waits gives its thread away
(`Threads.one_more`). There is no child process. SIGTERM and SIGINT end the process
within `STOP_SECONDS`, at any moment of its life.

The server is waitress, since it has these properties by itself. gunicorn and cheroot
read requests in their threads, and gunicorn forks; granian forks too, its threads read
bodies, and it shares ports. Granian is faster: in turns on a busy machine, waitress
took 1.7 times its processor time for a trivial endpoint, 1.16 times for a signed event.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import signal
import socket
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sized

    from _typeshed.wsgi import WSGIApplication

REQUEST_SECONDS = 30
"""How long a request may take to arrive, and how long a connection may be idle."""

STOP_SECONDS = 1.5
"""How long calls under way may take after a signal; then the process just ends."""

LIMITS = {
    "backlog": 1024,
    "connection_limit": 4_000,
    "channel_timeout": REQUEST_SECONDS,
    "cleanup_interval": 5,  # seconds between two looks at who is too slow
    "max_request_header_size": 65_536,  # bytes
    "max_request_body_size": 2_097_152,  # applications refuse less, in their own words
    "channel_request_lookahead": 1,  # so that a caller who leaves is noticed
    "clear_untrusted_proxy_headers": False,
    "asyncore_use_poll": True,
    "ident": None,
}
"""How waitress is set, by its own names."""

ACCEPTED_AT_ONCE = 64
"""How many connections one round of the server's loop accepts at most."""

MOST_WAITING = 1_000
"""How many calls may wait at once, each in a thread beside those that serve."""


def called_as(module: str) -> str:
    """Return how a program was called, for its help: by a command, else as a module."""
    return os.environ.get("CALLED_AS") or f"python -m {module}"


def version() -> str:
    """Return the version: of the checkout, else of the installed distribution."""
    import tomllib  # noqa: PLC0415 - start fast
    from importlib import metadata  # noqa: PLC0415 - loaded when needed

    project = Path(__file__).parent.parent / "pyproject.toml"
    if not project.exists():
        return metadata.version("strikeplate")
    return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])


class RefusedError(ValueError):
    """It cannot be served so; names the value and the fix."""


class TooManyWaitingError(Exception):
    """More calls wait than threads may be made for."""


def exit_at_signals() -> None:
    """From now on SIGTERM and SIGINT end the process at once, with exit code 0."""
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, _exit)


def stop_at_signals() -> None:
    """From now on SIGTERM and SIGINT raise SystemExit; the rest has STOP_SECONDS.

    Once: a signal that is repeated would interrupt what the first one has begun.
    """
    signal.signal(signal.SIGALRM, _exit)
    atexit.register(_end_if_asked)
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, _stop)


def _exit(*_: object) -> NoReturn:
    os._exit(0)  # an exception could be lost: a signal may arrive within any callback


def _stop(*_: object) -> NoReturn:
    for repeated in (signal.SIGTERM, signal.SIGINT):
        signal.signal(repeated, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, STOP_SECONDS)
    sys.exit(0)


def _end_if_asked() -> None:
    """End here after a signal: the interpreter's own end has no handler for the alarm.

    What was registered to be done at the end since then has been done.
    """
    if signal.getsignal(signal.SIGTERM) is signal.SIG_IGN:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def listener(host: str, port: int) -> socket.socket:
    """Return a socket that owns the address; RefusedError if it cannot.

    It does not listen yet: until the application serves, callers are refused.
    """
    if not 0 <= port < 2**16:
        raise _refusal(host, port, ValueError("ports end at 65535"))
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except (OSError, UnicodeError) as error:
        raise _refusal(host, port, error) from error
    return bound


def _refusal(host: str, port: int, error: Exception) -> RefusedError:
    reason = getattr(error, "strerror", None) or str(error)
    return RefusedError(
        f"cannot listen on {host}:{port}: {reason}; "
        "give another port (0 takes a free one) or a host of this machine"
    )


def url_of(bound: socket.socket) -> str:
    """Return the URL of a bound socket, with the real port."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def announce(facts: Mapping[str, str], *, as_json: bool, file: str | None) -> None:
    """Say that calls are answered; the first fact is the URL, by the server's name.

    In words, a line a fact; or as one line of JSON, such as `{"ready": true, "url":
    "http://...", "control_token": "..."}`, which also goes into the ready file.
    """
    url, *others = facts.items()
    named = {"url": url[1]} | {
        name.replace(" ", "_").lower(): fact for name, fact in others
    }
    line = json.dumps({"ready": True, **named}) + "\n"
    if file:
        _write_whole(Path(file), line)
    words = "".join(f"{name}: {fact}\n" for name, fact in facts.items())
    sys.stdout.write(line if as_json else words)
    sys.stdout.flush()


def _write_whole(path: Path, text: str) -> None:
    """Write a file that others never see half written; only its owner may read it."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        unfinished.touch(0o600)
        unfinished.write_text(text, "utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise RefusedError(
            f"the ready file {str(path)!r} cannot be written: {error.strerror}"
        ) from error


class Threads:
    """The threads that serve: `count`, and one more for each call that waits."""

    def __init__(self, count: int) -> None:
        from waitress.task import ThreadedTaskDispatcher  # noqa: PLC0415 - start fast

        self.pool = ThreadedTaskDispatcher()
        self._count = count
        self._waiting = 0
        self._counting = Lock()
        self._resize(0)

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Have another thread serve meanwhile: this one only waits."""
        self._resize(1)
        try:
            yield
        finally:
            self._resize(-1)

    def _resize(self, change: int) -> None:
        with self._counting:
            if self._waiting + change > MOST_WAITING:
                raise TooManyWaitingError(f"{MOST_WAITING} calls wait already")
            self._waiting += change
            self.pool.set_thread_count(self._count + self._waiting)


def serve(
    app: WSGIApplication,
    bound: socket.socket,
    threads: Threads,
    ready: Callable[[], object],
) -> None:
    """Serve until SystemExit is raised; `ready` is called once callers are answered.

    RefusedError if another process has come to listen on the address meanwhile.
    """
    from waitress import create_server, wasyncore  # noqa: PLC0415 - start fast

    # It warns of answers that faults cut short, and of queues
    logging.getLogger("waitress").setLevel(logging.ERROR)
    connections: dict[int, object] = {}
    try:
        server = create_server(
            app, connections, sockets=[bound], _dispatcher=threads.pool, **LIMITS
        )
    except OSError as error:
        host, port = bound.getsockname()[:2]
        raise _refusal(host, port, error) from error
    server.channel_class = _channel(server.channel_class)
    server.handle_accept = partial(_accept_some, server.handle_accept, connections)
    ready()
    try:
        wasyncore.loop(timeout=1, use_poll=True, map=connections)
    finally:
        threads.pool.shutdown(timeout=STOP_SECONDS / 2)


def _accept_some(accept: Callable[[], None], connections: Sized) -> None:
    """Accept what waits: each round looks at all, so one a round is slow for many."""
    for _ in range(ACCEPTED_AT_ONCE):
        before = len(connections)
        accept()
        if len(connections) == before:
            return


def _channel(channel: type) -> type:
    """Return the channel with a limit to the whole of a request, not to its pauses.

    And it is let alone while a thread writes to it, which also sends. The server's loop
    would ask again and again whether it may send the rest, and keep that thread from
    going on: this took half of the processor time of short answers.
    """

    class Channel(channel):  # type: ignore[misc]  # waitress has no types
        request: object | None
        last_activity: float

        def handle_read(self) -> None:
            begun = self.last_activity if self.request else None
            super().handle_read()
            if begun is not None and self.request:
                self.last_activity = begun

        def writable(self) -> bool:
            return bool(super().writable()) and (self.will_close or not self._held())

        def write_soon(self, data: Sized) -> int:
            written: int = super().write_soon(data)
            if self.total_outbufs_len:  # for what the loop has not seen meanwhile
                self.server.pull_trigger()
            return written

        def _held(self) -> bool:
            free = self.outbuf_lock.acquire(blocking=False)
            if free:
                self.outbuf_lock.release()
            return not free

    return Channel
