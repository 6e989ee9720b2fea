"""What keeps running clocks running between calls, in a served process.

Invariants: one thread looks at every running world twenty times a second; the webhooks
that fall due go out by a few threads of their own, so that a slow receiver holds
up no clock. What goes wrong in one world is logged, and stops no other.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fakes.kit.world import World

BEAT_SECONDS = 0.05
SENDERS = 4
LOG = logging.getLogger("fakes")


class Ticker:
    """Catches worlds up until it is stopped."""

    def __init__(self) -> None:
        self._stop = Event()
        self._senders = ThreadPoolExecutor(SENDERS, "webhook")

    def submit(self, callback: Callable[[], object]) -> None:
        """Run a callback in a thread of the pool."""
        self._senders.submit(partial(_run, callback))

    def start(self, worlds: Iterable[World]) -> None:
        """Begin to tick; the worlds are looked up anew at every beat."""
        Thread(target=self._tick, args=(worlds,), name="ticker", daemon=True).start()

    def stop(self) -> None:
        """Tick no more; callbacks that have started finish."""
        self._stop.set()
        self._senders.shutdown(wait=False, cancel_futures=True)

    def _tick(self, worlds: Iterable[World]) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            for world in worlds:
                _run(world.catch_up)


def _run(callback: Callable[[], object]) -> None:
    try:
        callback()
    except Exception:  # nobody waits for the answer
        LOG.exception("a callback of a running world failed")
