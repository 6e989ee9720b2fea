"""Serving: one process, one port, one granian worker with threads and running clocks.

Invariants: all worlds live in the memory of that one worker. Its threads are for calls
that wait (a delayed answer, a webhook's receiver), not for speed. One thread catches up
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

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from fakes.kit.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import WSGIApplication

    from fakes.kit.app import Options
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


def serve(options: Options, host: str, port: int) -> None:
    """Serve until a signal ends it."""
    server = Granian(
        "fakes",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=partial(_load, options), wrap_loader=False)


def _load(options: Options) -> WSGIApplication:
    """Return the application, in the worker process, with its ticker started."""
    ticker = Ticker()
    app = create_app(options, submit=ticker.submit)
    ticker.start(app.extensions["strikeplate.worlds"])
    gc.freeze()  # objects made at the start live as long as the process
    gc.enable()
    return app
