"""The worker: does what the stored state says is due, and nothing by itself.

Invariants: what is to be done is read from the store every time; a worker remembers
only how many calls are under way. Any number of workers, in any number of processes, do
each piece of work once, since they claim it first. A worker with nothing to do waits
for a bell or for the next moment that something comes due.

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
from service.logs import fault_of, log
from service.store import leases, schema
from service.use_cases.claim import JOB_TYPES, claim
from service.use_cases.concurrency_limiter import ConcurrencyLimiter
from service.use_cases.purge import purge
from service.use_cases.reconcile import reconcile_due

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Table

    from service.metrics import Metrics
    from service.store.database import Tx
    from service.use_cases.claim import ClaimedJob
    from service.use_cases.dependencies import Dependencies

    NextDueByQueue = dict[Table, datetime]

PARTITIONS: Final = 4
"""How many lanes may be as busy as they like before they have to share."""

POLL_SECONDS: Final = 1.0
"""How often a worker looks whether another process left it something to do."""


class Worker:
    """Runs what is due: in its own threads once started, or in the caller's."""

    def __init__(self, deps: Dependencies, metrics: Metrics) -> None:
        self._deps = deps
        self._metrics = metrics
        most = max(1, deps.settings.workers)
        self._limiter = ConcurrencyLimiter(slots=most * PARTITIONS, per_partition=most)
        self._limiter_lock = Lock()
        threads = (
            most * PARTITIONS + most
        )  # some of it writes down, which takes no place
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="call")
        self._wake_up = Event()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="worker", daemon=True)
        self._purged_at: datetime | None = None

    def start(self) -> None:
        """Work in threads of its own from now on."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once whether there is something to do."""
        self._wake_up.set()

    @property
    def purge_due(self) -> bool:
        """Tell whether these threads are to clear now what was kept long enough."""
        return self._thread.is_alive() and self._purge_is_due()

    def close(self) -> None:
        """Return once nothing is under way; what is still due stays stored."""
        self._stopping.set()
        self._wake_up.set()
        if self._thread.is_alive():
            self._thread.join()
        self._pool.shutdown()

    def work(self) -> int:
        """Return how much was done, here and now, until nothing is due."""
        done = 0
        while step := self._step():
            done += step
        return done

    def _step(self) -> int:
        done, claimed = self._claim_due(
            self._next_due_by_queue(), ConcurrencyLimiter(slots=1, per_partition=1)
        )
        for each in claimed:
            begun = perf_counter()
            self._store_answer(each, each.job.ask(self._deps), begun, more=False)
        return done + len(claimed)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake_up.clear()
            try:
                next_due_by_queue = self._next_due_by_queue()
                if self._dispatch(next_due_by_queue):
                    continue
                pause = _pause(next_due_by_queue)
            except Exception as fault:  # noqa: BLE001 (it outlives its store)
                log.error("worker stumbled", fault=fault_of(fault))
                pause = POLL_SECONDS
            self._wake_up.wait(pause)

    def _dispatch(self, next_due_by_queue: NextDueByQueue) -> bool:
        """Tell whether there was anything to do; calls go to the crew."""
        with self._limiter_lock:
            limiter = self._limiter.copy()
        done, claimed = self._claim_due(next_due_by_queue, limiter)
        for each in claimed:
            with self._limiter_lock:
                self._limiter.acquire(each.partition)
            self._pool.submit(self._run_partition, each)
        return bool(done or claimed)

    def _next_due_by_queue(self) -> NextDueByQueue:
        """Return when each queue first comes due, so that the rest is let be."""
        self._purge_if_due()
        return self._deps.store.read_one(leases.next_due_by_queue)

    def _claim_due(
        self, next_due_by_queue: NextDueByQueue, limiter: ConcurrencyLimiter
    ) -> tuple[int, list[ClaimedJob]]:
        """Return how many bookings were brought in line, and what was claimed."""
        at = now()
        due = {queue for queue, first in next_due_by_queue.items() if first <= at}
        if not due:
            return 0, []
        return self._deps.store.write(
            lambda tx: self._claim_in(tx, due, limiter.copy())
        )

    def _claim_in(
        self, tx: Tx, due: set[Table], limiter: ConcurrencyLimiter
    ) -> tuple[int, list[ClaimedJob]]:
        at, done, claimed = now(), 0, []
        if schema.bookings in due:
            done = reconcile_due(tx, self._deps, at)
        for job_type in JOB_TYPES:
            if done or job_type.table in due:
                found = claim(tx, self._deps, job_type, limiter, at)
                for each in found:
                    limiter.acquire(each.partition)
                claimed += found
        return done, claimed

    def _run_partition(self, claimed: ClaimedJob) -> None:
        """Do it, and then what its lane has next, as long as it keeps its place."""
        job: ClaimedJob | None = claimed
        while job is not None:
            job = self._run_and_claim_next(job)
        self._wake_up.set()

    def _run_and_claim_next(self, claimed: ClaimedJob) -> ClaimedJob | None:
        """Return what the lane goes on with, None once the place is given back."""
        has_slot, following = True, None
        try:
            begun = perf_counter()
            answer = claimed.job.ask(self._deps)
            has_slot = self._renew_slot(claimed.partition)
            following = self._store_answer(claimed, answer, begun, more=has_slot)
        except Exception as fault:  # noqa: BLE001 (its lease ends; done anew)
            job_type = claimed.job_type.name
            self._metrics.jobs.labels(job_type, "lost").inc()
            log.error(
                "job lost", job_type=job_type, work=claimed.work, fault=fault_of(fault)
            )
        finally:
            if has_slot and following is None:
                with self._limiter_lock:
                    self._limiter.release(claimed.partition)
        return following

    def _renew_slot(self, partition: str) -> bool:
        """Give the place back; tell whether the lane could take it again at once."""
        with self._limiter_lock:
            self._limiter.release(partition)
            has_slot = not self._stopping.is_set() and self._limiter.acquire(partition)
        if not has_slot:
            self._wake_up.set()
        return has_slot

    # Any: a job's answer is for the job itself
    def _store_answer(
        self, claimed: ClaimedJob, answer: Any, begun: float, *, more: bool
    ) -> ClaimedJob | None:
        """Write the answer down; with `more`, return what was claimed after it."""

        def work(tx: Tx) -> tuple[str, ClaimedJob | None, bool]:
            outcome = claimed.job.write_down(tx, self._deps, answer)
            if not more:
                return outcome, None, False
            limiter, at = (
                ConcurrencyLimiter(slots=1, per_partition=1, only=claimed.partition),
                now(),
            )
            following = claim(tx, self._deps, claimed.job_type, limiter, at)
            others = leases.due_besides(tx, claimed.job_type.table, at)
            return outcome, next(iter(following), None), others

        outcome, following, others = self._deps.store.write(work)
        self._record(claimed, outcome, perf_counter() - begun)
        if others:
            self._wake_up.set()
        return following

    def _record(self, claimed: ClaimedJob, outcome: str, seconds: float) -> None:
        job_type = claimed.job_type.name
        self._metrics.jobs.labels(job_type, outcome).inc()
        self._metrics.seconds.labels(job_type).observe(seconds)
        log.debug(
            "job done",
            job_type=job_type,
            work=claimed.work,
            outcome=outcome,
            seconds=round(seconds, 4),
        )

    def _purge_is_due(self) -> bool:
        every = self._deps.settings.purge_seconds
        last = self._purged_at
        return last is None or abs(now() - last).total_seconds() >= every

    def _purge_if_due(self) -> None:
        if self._purge_is_due():
            at = now()
            log.info("swept", cleared=purge(self._deps, at))
            self._purged_at = at


def _pause(next_due_by_queue: NextDueByQueue) -> float:
    """Return the seconds until something comes due, or another look is due."""
    if not next_due_by_queue:
        return POLL_SECONDS
    wait = (min(next_due_by_queue.values()) - now()).total_seconds()
    return min(wait, POLL_SECONDS) if wait > 0 else POLL_SECONDS
