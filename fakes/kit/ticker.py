"""What keeps running clocks running between calls, in a served process.

Law: one thread looks at every running world twenty times a second; the webhooks
that fall due go out by a few threads of their own, so that a slow receiver holds
up no clock.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable

    from fakes.kit.world import World

BEAT_SECONDS = 0.05
SENDERS = 4


class Ticker:
    """Catches worlds up until it is stopped."""

    def __init__(self) -> None:
        self._stop = Event()
        self._senders = ThreadPoolExecutor(SENDERS, "webhook")

    def later(self, errand: Callable[[], object]) -> None:
        """Let an errand be run by a thread of its own."""
        self._senders.submit(errand)

    def start(self, worlds: Iterable[World]) -> None:
        """Begin to tick; the worlds are looked up anew at every beat."""
        Thread(target=self._run, args=(worlds,), name="ticker", daemon=True).start()

    def stop(self) -> None:
        """Tick no more; errands that are under way end by themselves."""
        self._stop.set()
        self._senders.shutdown(wait=False, cancel_futures=True)

    def _run(self, worlds: Iterable[World]) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            for world in worlds:
                world.catch_up()
