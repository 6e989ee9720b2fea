"""Serving the fakes: the application on its port, and the running clocks.

Invariants: all worlds live in the memory of this one process. One thread catches up
every running world twenty times a second; webhooks are sent by a pool of their own, so
a slow receiver delays no clock. An error in one world is logged and stops no other.
"""

from __future__ import annotations

import gc
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING

import serving
from fakes.kit.address import public
from fakes.kit.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from socket import socket

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from fakes.kit.app import App, Options
    from fakes.kit.world import World

BEAT_SECONDS = 0.05
SENDERS = 4
LOG = logging.getLogger("fakes")


class Ticker:
    """Catches up the running clocks until it is stopped."""

    def __init__(self) -> None:
        self._stop = Event()
        self._senders = ThreadPoolExecutor(SENDERS, "webhook")

    def submit(self, callback: Callable[[], object]) -> None:
        """Run a callback in a thread of the pool."""
        self._senders.submit(partial(_run, callback))

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
    app = create_app(options, submit=ticker.submit)
    gc.freeze()  # objects made at the start live as long as the process
    gc.enable()

    def up() -> None:
        ticker.start(app.extensions["strikeplate.worlds"])
        ready(app)

    threads = serving.Threads(THREADS)
    fakes = app.extensions["strikeplate.worlds"].context.fakes
    reached = public(app, fakes, options.public_url)
    serving.serve(_with_threads(reached, threads), bound, threads, up)


def _with_threads(app: WSGIApplication, threads: serving.Threads) -> WSGIApplication:
    """Return the application that late answers tell that they only wait."""

    def call(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ["strikeplate.one_more"] = threads.one_more
        return app(environ, start)

    return call
