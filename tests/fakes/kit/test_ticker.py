from __future__ import annotations

import logging
from threading import Event, Semaphore
from typing import TYPE_CHECKING

import pytest

from fakes.serve import SENDERS, Ticker

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS = 10


class Stub:
    """As much of a world as a ticker sees; it fails, or tells that it was called."""

    def __init__(self, *, fails: bool = False) -> None:
        self.called = Event()
        self._fails = fails

    def catch_up(self) -> None:
        self.called.set()
        if self._fails:
            raise RuntimeError("a vendor's slip")


@pytest.fixture
def ticker() -> Iterator[Ticker]:
    ticker = Ticker()
    yield ticker
    ticker.stop()


def test_world_that_fails_is_logged_and_stops_no_other(
    ticker: Ticker, caplog: pytest.LogCaptureFixture
) -> None:
    worlds = [Stub(fails=True), Stub()]
    with caplog.at_level(logging.ERROR, "fakes"):
        ticker.start(worlds)
        assert worlds[1].called.wait(PATIENCE_SECONDS)
        worlds[1].called.clear()
        assert worlds[1].called.wait(PATIENCE_SECONDS)
    assert "a vendor's slip" in caplog.text


def test_world_that_was_made_later_ticks_too(ticker: Ticker) -> None:
    worlds: list[Stub] = []
    ticker.start(worlds)
    late = Stub()
    worlds.append(late)
    assert late.called.wait(PATIENCE_SECONDS)


def test_callback_runs_in_another_thread(ticker: Ticker) -> None:
    done = Event()
    ticker.submit("w", done.set)
    assert done.wait(PATIENCE_SECONDS)


def test_slow_receivers_of_a_world_delay_no_other_world(ticker: Ticker) -> None:
    release, sent, done = Event(), Semaphore(0), Event()

    def wait() -> None:
        release.wait(PATIENCE_SECONDS)
        sent.release()

    many = 3 * SENDERS
    for _ in range(many):
        ticker.submit("slow", wait)
    ticker.submit("other", done.set)
    assert done.wait(PATIENCE_SECONDS)
    release.set()
    assert all(sent.acquire(timeout=PATIENCE_SECONDS) for _ in range(many))


def test_webhooks_of_a_world_are_sent_in_their_order(ticker: Ticker) -> None:
    begun: list[int] = []
    release, last = Event(), Event()
    for _ in range(SENDERS - 1):
        ticker.submit("w", lambda: release.wait(PATIENCE_SECONDS))
    for number in range(5):
        ticker.submit("w", lambda number=number: begun.append(number))
    ticker.submit("w", last.set)
    assert last.wait(PATIENCE_SECONDS)
    release.set()
    assert begun == [0, 1, 2, 3, 4]
