"""Serving the fakes: the application on its port, and the running clocks.

Invariants: all worlds live in the memory of this one process. One thread catches up
every running world twenty times a second; webhooks are sent by a pool of their own, so
a slow receiver delays no clock. Each world has a few of its threads at most, so the
receivers of one world delay those of no other. An error in one world is logged and
stops no other.
"""

from __future__ import annotations

import gc
import logging
from collections import Counter, defaultdict, deque
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, Thread, current_thread
from typing import TYPE_CHECKING

import serving
from fakes.kit.address import public
from fakes.kit.app import create_app
from fakes.kit.webhooks import GuardedSend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from socket import socket

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from fakes.kit.app import App, Options
    from fakes.kit.webhooks import Outgoing, Send
    from fakes.kit.world import World

BEAT_SECONDS = 0.05
SENDER = "webhook"
SENDERS = 4
"""How many webhooks of one world are under way at once."""

MOST_SENDERS = 256
"""How many of all worlds; a thread is made when it is first needed."""

LOG = logging.getLogger("fakes")


class Ticker:
    """Catches up the running clocks until it is stopped."""

    def __init__(self) -> None:
        self._stop = Event()
        self._senders = ThreadPoolExecutor(MOST_SENDERS, SENDER)
        self._waiting: defaultdict[str, deque[Callable[[], object]]]
        self._waiting = defaultdict(deque)
        self._running: Counter[str] = Counter()
        self._lock = Lock()

    def submit(self, world: str, callback: Callable[[], object]) -> None:
        """Run a callback of a world in a thread of the pool, after those before it."""
        with self._lock:
            self._waiting[world].append(callback)
            if self._running[world] == SENDERS:
                return
            self._running[world] += 1
        self._senders.submit(self._run_waiting, world)

    def _run_waiting(self, world: str) -> None:
        """Run what waits in the world, one after the other, until nothing does."""
        while callback := self._next(world):
            _run(callback)

    def _next(self, world: str) -> Callable[[], object] | None:
        with self._lock:
            if waiting := self._waiting[world]:
                return waiting.popleft()
            self._running[world] -= 1
            if not self._running[world]:
                del self._running[world], self._waiting[world]
            return None

    def start(self, worlds: Iterable[World]) -> None:
        """Start the thread; the worlds are read again at every beat."""
        Thread(target=self._tick, args=(worlds,), name="ticker", daemon=True).start()

    def stop(self) -> None:
        """Stop the thread; callbacks that have started finish."""
        self._stop.set()
        self._senders.shutdown(wait=False, cancel_futures=True)

    def _tick(self, worlds: Iterable[World]) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            for world in worlds:
                _run(world.catch_up)


def _run(callback: Callable[[], object]) -> None:
    try:
        callback()
    except Exception:  # no caller waits for the result
        LOG.exception("a callback of a running world failed")


THREADS = 16


def serve(options: Options, bound: socket, ready: Callable[[App], object]) -> None:
    """Serve on a bound socket until a signal ends the process; `ready` gets the app."""
    ticker = Ticker()
    threads = serving.Threads(THREADS)
    send = _giving_way(GuardedSend(options.allow_push), threads)
    app = create_app(options, send=send, submit=ticker.submit)
    gc.freeze()  # objects made at the start live as long as the process
    gc.enable()

    def up() -> None:
        ticker.start(app.extensions["strikeplate.worlds"])
        ready(app)

    fakes = app.extensions["strikeplate.worlds"].context.fakes
    reached = public(app, fakes, options.public_url)
    serving.serve(_with_threads(reached, threads), bound, threads, up)


def _giving_way(send: Send, threads: serving.Threads) -> Send:
    """Return what sends; a thread that serves, as at a clock's move, only waits."""

    def giving_way(outgoing: Outgoing) -> int:
        if current_thread().name.startswith(SENDER):
            return send(outgoing)
        with threads.one_more():
            return send(outgoing)

    return giving_way


def _with_threads(app: WSGIApplication, threads: serving.Threads) -> WSGIApplication:
    """Return the application that late answers tell that they only wait."""

    def call(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ["strikeplate.one_more"] = threads.one_more
        return app(environ, start)

    return call
