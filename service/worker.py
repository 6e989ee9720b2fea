"""The worker: does what the stored state says is due, and nothing by itself.

Law: what is to be done is read from the store every time; a worker remembers only
how many calls are under way. Any number of workers, in any number of processes, do
each piece of work once, since they claim it first. A worker with nothing to do
waits for a bell or for the next moment that something comes due.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from threading import Lock
from threading import Thread
from time import perf_counter
from typing import TYPE_CHECKING
from typing import Final

from service.clock import now
from service.logs import log
from service.store import leases
from service.store import tables
from service.use_cases.claim import TRADES
from service.use_cases.claim import claim
from service.use_cases.reconcile import reconcile_due
from service.use_cases.room import Room
from service.use_cases.setbacks import fault_of
from service.use_cases.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Table

    from service.meters import Meters
    from service.use_cases.claim import Claimed
    from service.use_cases.claim import Trade
    from service.use_cases.parts import Parts

LANES: Final = 4
"""How many lanes may be as busy as they like before they have to share."""

LOOK_SECONDS: Final = 1.0
"""How often a worker looks whether another process left it something to do."""


class Worker:
    """Runs what is due: in its own threads once started, or in the caller's."""

    def __init__(self, parts: Parts, meters: Meters) -> None:
        self._parts = parts
        self._meters = meters
        most = max(1, parts.settings.workers)
        self._room = Room(places=most * LANES, most=most)
        self._counting = Lock()
        self._crew = ThreadPoolExecutor(most * LANES, thread_name_prefix="call")
        self._bell = Event()
        self._ends = Event()
        self._thread = Thread(target=self._keep_going, name="worker", daemon=True)
        self._swept_at: datetime | None = None

    def start(self) -> None:
        """Work in threads of its own from now on."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once whether there is something to do."""
        self._bell.set()

    @property
    def sweep_due(self) -> bool:
        """Tell whether these threads are to clear now what was kept long enough."""
        return self._thread.is_alive() and self._unswept()

    def close(self) -> None:
        """Return once nothing is under way; what is still due stays stored."""
        self._ends.set()
        self._bell.set()
        if self._thread.is_alive():
            self._thread.join()
        self._crew.shutdown()

    def work(self) -> int:
        """Return how much was done, here and now, until nothing is due."""
        done = 0
        while step := self._step():
            done += step
        return done

    def _step(self) -> int:
        due = self._due()
        done = reconcile_due(self._parts, now()) if tables.bookings in due else 0
        for trade in _at_work(due):
            room = Room(places=1, most=1)
            for claimed in self._claim(trade, room):
                self._run(claimed)
                done += 1
        return done

    def _keep_going(self) -> None:
        while not self._ends.is_set():
            self._bell.clear()
            try:
                if self._hand_out():
                    continue
                pause = self._pause()
            except Exception as fault:  # noqa: BLE001 (it outlives its store)
                log.error("worker stumbled", fault=fault_of(fault))
                pause = LOOK_SECONDS
            self._bell.wait(pause)

    def _hand_out(self) -> bool:
        """Tell whether there was anything to do; calls go to the crew."""
        due = self._due()
        busy = tables.bookings in due and reconcile_due(self._parts, now()) > 0
        for trade in _at_work(due):
            with self._counting:
                room = self._room.copy()
            for claimed in self._claim(trade, room):
                with self._counting:
                    self._room.take(claimed.lane)
                self._crew.submit(self._do, claimed)
                busy = True
        return busy

    def _due(self) -> set[Table]:
        """Return the queues in which something is due, so that the rest is let be."""
        self._sweep_now_and_then()
        firsts, at = self._parts.store.glance(leases.firsts), now()
        return {queue for queue, first in firsts.items() if first <= at}

    def _claim(self, trade: Trade, room: Room) -> list[Claimed]:
        if not room.free:
            return []
        return self._parts.store.write(
            lambda tx: claim(tx, self._parts, trade, room, now())
        )

    def _do(self, claimed: Claimed) -> None:
        try:
            self._run(claimed)
        except Exception as fault:  # noqa: BLE001 (its lease ends; done anew)
            self._meters.jobs.labels(claimed.trade, "lost").inc()
            log.error("job lost", trade=claimed.trade, fault=fault_of(fault))
        finally:
            with self._counting:
                self._room.give_back(claimed.lane)
            self._bell.set()

    def _run(self, claimed: Claimed) -> None:
        begun = perf_counter()
        outcome = claimed.job.run(self._parts)
        seconds = perf_counter() - begun
        self._meters.jobs.labels(claimed.trade, outcome).inc()
        self._meters.seconds.labels(claimed.trade).observe(seconds)
        log.debug(
            "job done",
            trade=claimed.trade,
            work=claimed.work,
            outcome=outcome,
            seconds=round(seconds, 4),
        )

    def _pause(self) -> float:
        """Return the seconds until something comes due, or another look is due."""
        first = self._parts.store.glance(leases.next_due)
        if first is None:
            return LOOK_SECONDS
        wait = (first - now()).total_seconds()
        return min(wait, LOOK_SECONDS) if wait > 0 else LOOK_SECONDS

    def _unswept(self) -> bool:
        every = self._parts.settings.sweep_seconds
        last = self._swept_at
        return last is None or abs(now() - last).total_seconds() >= every

    def _sweep_now_and_then(self) -> None:
        if self._unswept():
            at = now()
            log.info("swept", cleared=sweep(self._parts, at))
            self._swept_at = at


def _at_work(due: set[Table]) -> Iterator[Trade]:
    return (trade for trade in TRADES if trade.table in due)
