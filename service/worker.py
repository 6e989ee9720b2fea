"""The worker: does what the stored state says is due, and nothing by itself.

Law: what is to be done is read from the store every time; a worker remembers only
how many calls are under way. Any number of workers, in any number of processes, do
each piece of work once, since they claim it first. A worker with nothing to do
waits for a bell or for the next moment that something comes due.

One thread hands out what is due. Whoever did a call takes on, in the transaction that
writes its answer down, what its lane has next: so a busy lane costs one transaction
a call, and its place is never empty for longer than that takes.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from service.clock import now
from service.logs import log
from service.store import leases, tables
from service.use_cases.claim import TRADES, claim
from service.use_cases.reconcile import reconcile_due
from service.use_cases.room import Room
from service.use_cases.setbacks import fault_of
from service.use_cases.sweep import sweep

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Table

    from service.meters import Meters
    from service.store.tx import Tx
    from service.use_cases.claim import Claimed
    from service.use_cases.parts import Parts

    Firsts = dict[Table, datetime]

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
        crew = most * LANES + most  # some of it writes down, which takes no place
        self._crew = ThreadPoolExecutor(crew, thread_name_prefix="call")
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
        done, claimed = self._take_up(self._firsts(), Room(places=1, most=1))
        for each in claimed:
            begun = perf_counter()
            self._conclude(each, each.job.ask(self._parts), begun, more=False)
        return done + len(claimed)

    def _keep_going(self) -> None:
        while not self._ends.is_set():
            self._bell.clear()
            try:
                firsts = self._firsts()
                if self._hand_out(firsts):
                    continue
                pause = _pause(firsts)
            except Exception as fault:  # noqa: BLE001 (it outlives its store)
                log.error("worker stumbled", fault=fault_of(fault))
                pause = LOOK_SECONDS
            self._bell.wait(pause)

    def _hand_out(self, firsts: Firsts) -> bool:
        """Tell whether there was anything to do; calls go to the crew."""
        with self._counting:
            room = self._room.copy()
        done, claimed = self._take_up(firsts, room)
        for each in claimed:
            with self._counting:
                self._room.take(each.lane)
            self._crew.submit(self._do, each)
        return bool(done or claimed)

    def _firsts(self) -> Firsts:
        """Return when each queue first comes due, so that the rest is let be."""
        self._sweep_now_and_then()
        return self._parts.store.glance(leases.firsts)

    def _take_up(self, firsts: Firsts, room: Room) -> tuple[int, list[Claimed]]:
        """Return how many bookings were brought in line, and what was claimed."""
        at = now()
        due = {queue for queue, first in firsts.items() if first <= at}
        if not due:
            return 0, []
        return self._parts.store.write(lambda tx: self._claim(tx, due, room.copy()))

    def _claim(self, tx: Tx, due: set[Table], room: Room) -> tuple[int, list[Claimed]]:
        at, done, claimed = now(), 0, []
        if tables.bookings in due:
            done = reconcile_due(tx, self._parts, at)
        for trade in TRADES:
            if done or trade.table in due:
                found = claim(tx, self._parts, trade, room, at)
                for each in found:
                    room.take(each.lane)
                claimed += found
        return done, claimed

    def _do(self, claimed: Claimed) -> None:
        """Do it, and then what its lane has next, as long as it keeps its place."""
        at_hand: Claimed | None = claimed
        while at_hand is not None:
            at_hand = self._relay(at_hand)
        self._bell.set()

    def _relay(self, claimed: Claimed) -> Claimed | None:
        """Return what the lane goes on with, None once the place is given back."""
        keeps, follows = True, None
        try:
            begun = perf_counter()
            answer = claimed.job.ask(self._parts)
            keeps = self._keeps_place(claimed.lane)
            follows = self._conclude(claimed, answer, begun, more=keeps)
        except Exception as fault:  # noqa: BLE001 (its lease ends; done anew)
            trade = claimed.trade.name
            self._meters.jobs.labels(trade, "lost").inc()
            log.error("job lost", trade=trade, work=claimed.work, fault=fault_of(fault))
        finally:
            if keeps and follows is None:
                with self._counting:
                    self._room.give_back(claimed.lane)
        return follows

    def _keeps_place(self, lane: str) -> bool:
        """Give the place back; tell whether the lane could take it again at once."""
        with self._counting:
            self._room.give_back(lane)
            keeps = not self._ends.is_set() and self._room.take(lane)
        if not keeps:
            self._bell.set()
        return keeps

    # Any: a job's answer is for the job itself
    def _conclude(
        self, claimed: Claimed, answer: Any, begun: float, *, more: bool
    ) -> Claimed | None:
        """Write the answer down; with `more`, return what was claimed after it."""

        def work(tx: Tx) -> tuple[str, Claimed | None, bool]:
            outcome = claimed.job.write_down(tx, self._parts, answer)
            if not more:
                return outcome, None, False
            room, at = Room(places=1, most=1, only=claimed.lane), now()
            follows = claim(tx, self._parts, claimed.trade, room, at)
            others = leases.due_besides(tx, claimed.trade.table, at)
            return outcome, next(iter(follows), None), others

        outcome, follows, others = self._parts.store.write(work)
        self._tell(claimed, outcome, perf_counter() - begun)
        if others:
            self._bell.set()
        return follows

    def _tell(self, claimed: Claimed, outcome: str, seconds: float) -> None:
        trade = claimed.trade.name
        self._meters.jobs.labels(trade, outcome).inc()
        self._meters.seconds.labels(trade).observe(seconds)
        log.debug(
            "job done",
            trade=trade,
            work=claimed.work,
            outcome=outcome,
            seconds=round(seconds, 4),
        )

    def _unswept(self) -> bool:
        every = self._parts.settings.sweep_seconds
        last = self._swept_at
        return last is None or abs(now() - last).total_seconds() >= every

    def _sweep_now_and_then(self) -> None:
        if self._unswept():
            at = now()
            log.info("swept", cleared=sweep(self._parts, at))
            self._swept_at = at


def _pause(firsts: Firsts) -> float:
    """Return the seconds until something comes due, or another look is due."""
    if not firsts:
        return LOOK_SECONDS
    wait = (min(firsts.values()) - now()).total_seconds()
    return min(wait, LOOK_SECONDS) if wait > 0 else LOOK_SECONDS
