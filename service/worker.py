"""The worker: claims the work that is due, makes the calls, stores the answers.

Invariants: the worker reads from the store what is due; it remembers only how many
calls are under way. A claim is durable before its call begins, so any number of workers
in any number of processes do each piece of work once. Events of a booking are handled
before its pending calls, so no message goes out that an event forbids (MSG-06).

One thread dispatches due work to the others. After a call, its thread stores the answer
and claims the next job of the same connection in one transaction: a busy connection
costs one transaction a call, and its slot is never idle for longer. A connection may
start another call only while more slots are free than it uses itself, so a vendor that
hangs takes some of the slots and never all.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from time import perf_counter
from typing import Any, Final, Protocol

from sqlalchemy import Table

from service.clock import now
from service.ids import new_lease
from service.limiter import ConcurrencyLimiter
from service.observability import Metrics, fault_of, log
from service.settings import Settings
from service.store import accesses, leases, schema
from service.store.clock_steps import ClockGuard
from service.store.database import Tx, is_conflict
from service.store.leases import Due, Lease
from service.store.retention import purge
from service.use_cases import (
    issue_code,
    revoke_code,
    send_message,
    track_keys,
    watch_locks,
)
from service.use_cases.context import Dependencies
from service.use_cases.reconcile import reconcile_due

NextDueByQueue = dict[Table, datetime]


PAUSE: Final = timedelta(minutes=5)
"""How long work waits that could not be prepared, which is a fault of ours."""


class Job(Protocol):
    """One call to a vendor or a mail server, prepared and leased."""

    @property
    def lease(self) -> Lease:
        """Return its lease."""

    # Any: each job knows what its own call is answered with
    def ask(self) -> Any:
        """Make the call; return its answer, or the error it ended in."""

    def write_down(self, tx: Tx, deps: Dependencies, answer: Any) -> str:
        """Store the answer; return the outcome in a word, for the metrics."""


@dataclass(frozen=True, slots=True)
class JobType:
    """One kind of job: its queue, how a row becomes a job, and its partition.

    With `partition` None each connection is a partition of its own. What cannot be
    repeated without harm, as a mail, is `marked` until its answer is stored.
    """

    name: str
    table: Table
    prepare: Callable[[Tx, Dependencies, str, Lease], Job | None]
    partition: str | None = None
    marked: bool = False


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job for the row `row_id`, and the partition whose slot it holds."""

    job_type: JobType
    row_id: str
    partition: str
    job: Job


def claim(
    tx: Tx,
    deps: Dependencies,
    job_type: JobType,
    limiter: ConcurrencyLimiter,
    now: datetime,
) -> list[ClaimedJob]:
    """Claim as many due jobs as the limiter has slots for; return them."""
    claimed: list[ClaimedJob] = []
    limiter = limiter.copy()
    while limiter.free:
        rows = _due(tx, job_type, limiter, now)
        of = [(row.id, job_type.partition or row.connection_id) for row in rows]
        fitting = [each for each in of if limiter.acquire(each[1])]
        for row_id, partition in fitting:
            job = _prepare(tx, deps, job_type, row_id, now)
            if job is None:
                limiter.release(partition)
            else:
                claimed.append(ClaimedJob(job_type, row_id, partition, job))
        if not fitting:
            break
    return claimed


def _due(
    tx: Tx, job_type: JobType, limiter: ConcurrencyLimiter, now: datetime
) -> list[Due]:
    """Return the rows due longest, of partitions that may start another call."""
    queue, limit = job_type.table, limiter.free
    if job_type.partition is not None:
        return leases.due(tx, queue, now, limit=limit)
    if limiter.only is not None:
        return leases.due_of(tx, queue, now, limiter.only, limit=limit)
    return leases.due(tx, queue, now, limit=limit, excluding=limiter.full)


def _prepare(
    tx: Tx, deps: Dependencies, job_type: JobType, row_id: str, now: datetime
) -> Job | None:
    lease = _new_lease(deps.settings, now)
    try:
        with tx.savepoint():
            return job_type.prepare(tx, deps, row_id, lease)
    except Exception as fault:
        if is_conflict(fault):  # the transaction runs again
            raise
        log.error("work not prepared", row=row_id, fault=fault_of(fault))
        leases.put_off(tx, job_type.table, row_id, now + PAUSE)
        return None


def _new_lease(settings: Settings, now: datetime) -> Lease:
    """Return a lease for one call, after which its work may be claimed anew.

    A call may need a token first and may try each twice, so it lasts four timeouts.
    """
    lasts = timedelta(seconds=4 * settings.vendor_timeout_seconds + 5)
    return Lease(new_lease(), now, now + lasts)


def _access_job(tx: Tx, deps: Dependencies, access_id: str, lease: Lease) -> Job | None:
    access = accesses.get(tx, access_id)
    wanted = access.wants_code(lease.since)
    prepare = issue_code.prepare if wanted else revoke_code.prepare
    return prepare(tx, deps, access, lease)


JOB_TYPES: Final = (
    JobType("access", schema.accesses, _access_job),
    JobType("key", schema.keys, track_keys.prepare),
    JobType("lock", schema.locks, watch_locks.prepare),
    JobType("message", schema.messages, send_message.prepare, "mail", marked=True),
)

PARTITIONS: Final = 4
"""How many partitions may use all their slots before they have to share."""

POLL_SECONDS: Final = 1.0
"""How often a worker checks for work that another process stored."""


class Worker:
    """Does the work that is due: in threads once started, or in the caller's thread."""

    def __init__(self, deps: Dependencies, metrics: Metrics) -> None:
        self._deps = deps
        self._metrics = metrics
        per_partition = max(1, deps.settings.workers)
        slots = per_partition * PARTITIONS
        self._limiter = ConcurrencyLimiter(slots, per_partition)
        self._limiter_lock = Lock()
        threads = slots + per_partition  # storing an answer needs a thread but no slot
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="call")
        self._wake_up = Event()
        self._idle = Event()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="worker", daemon=True)
        self._purged_at: datetime | None = None
        self._clock = ClockGuard(deps.store, deps.settings.clock_hold_seconds)

    def start(self) -> None:
        """Start the worker's threads."""
        self._thread.start()

    def wake(self) -> None:
        """Check for due work at once."""
        self._wake_up.set()
        self._idle.clear()

    def wait_until_idle(self, seconds: float) -> bool:
        """Return once the threads find no work due and have none under way.

        False if that takes longer, or if they do not run. What another process does is
        not seen.
        """
        return self._thread.is_alive() and self._idle.wait(seconds)

    @property
    def purge_due(self) -> bool:
        """Return whether the threads run and are about to delete old records."""
        return self._thread.is_alive() and self._purge_is_due()

    def close(self) -> None:
        """Stop; return once no call is under way. What is still due stays stored."""
        self._stopping.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join()
        self._pool.shutdown()

    def work(self) -> int:
        """Work in this thread until nothing is due; return how much was done."""
        done = 0
        while step := self._step():
            done += step
        return done

    def _step(self) -> int:
        limiter = ConcurrencyLimiter(slots=1, per_partition=1)
        done, claimed = self._claim_due(self._next_due_by_queue(), limiter)
        for each in claimed:
            begun = perf_counter()
            self._store_answer(each, each.job.ask(), begun, more=False)
        return done + len(claimed)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake_up.clear()
            try:
                if self._clock.follow():
                    self._wake_up.wait(POLL_SECONDS)
                    continue
                next_due_by_queue = self._next_due_by_queue()
                if self._dispatch(next_due_by_queue):
                    continue
                self._note_idle()
                pause = _pause(next_due_by_queue)
            except Exception as fault:  # noqa: BLE001 (the store may be away for a while)
                log.error("worker failed", fault=fault_of(fault))
                pause = POLL_SECONDS
            self._wake_up.wait(pause)

    def _note_idle(self) -> None:
        with self._limiter_lock:
            if self._limiter.idle and not self._wake_up.is_set():
                self._idle.set()

    def _dispatch(self, next_due_by_queue: NextDueByQueue) -> bool:
        """Hand due jobs to the thread pool; tell whether there was any work."""
        with self._limiter_lock:
            limiter = self._limiter.copy()
        done, claimed = self._claim_due(next_due_by_queue, limiter)
        for each in claimed:
            self._idle.clear()
            with self._limiter_lock:
                self._limiter.acquire(each.partition)
            self._pool.submit(self._run_partition, each)
        return bool(done or claimed)

    def _next_due_by_queue(self) -> NextDueByQueue:
        """Return when each queue next has work; queues without any are left out."""
        self._purge_if_due()
        return self._deps.store.read_one(leases.next_due_by_queue)

    def _claim_due(
        self, next_due_by_queue: NextDueByQueue, limiter: ConcurrencyLimiter
    ) -> tuple[int, list[ClaimedJob]]:
        """Return how many bookings were reconciled, and the jobs that were claimed."""
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
        """Run the job, then further ones of its partition while it keeps its slot."""
        job: ClaimedJob | None = claimed
        while job is not None:
            job = self._run_and_claim_next(job)
        self._wake_up.set()

    def _run_and_claim_next(self, claimed: ClaimedJob) -> ClaimedJob | None:
        """Run the job; return the next one of its partition, if it keeps its slot."""
        has_slot, following = True, None
        try:
            begun = perf_counter()
            answer = claimed.job.ask()
            has_slot = self._renew_slot(claimed.partition)
            following = self._store_answer(claimed, answer, begun, more=has_slot)
        except Exception as fault:  # noqa: BLE001 (its lease ends, then it is claimed anew)
            job_type = claimed.job_type.name
            self._metrics.jobs.labels(job_type, "lost").inc()
            log.error(
                "job lost", job_type=job_type, row=claimed.row_id, fault=fault_of(fault)
            )
        finally:
            if has_slot and following is None:
                with self._limiter_lock:
                    self._limiter.release(claimed.partition)
        return following

    def _renew_slot(self, partition: str) -> bool:
        """Release the slot and try to take it again, so that others get their turn."""
        with self._limiter_lock:
            self._limiter.release(partition)
            has_slot = not self._stopping.is_set() and self._limiter.acquire(partition)
        if not has_slot:
            self._wake_up.set()
        return has_slot

    def _store_answer(
        self, claimed: ClaimedJob, answer: object, begun: float, *, more: bool
    ) -> ClaimedJob | None:
        """Store the answer; with `more`, claim and return the partition's next job."""

        def work(tx: Tx) -> tuple[str, ClaimedJob | None, bool]:
            outcome = claimed.job.write_down(tx, self._deps, answer)
            if not more:
                return outcome, None, False
            limiter, at = ConcurrencyLimiter(1, 1, only=claimed.partition), now()
            following = claim(tx, self._deps, claimed.job_type, limiter, at)
            others = leases.due_besides(tx, claimed.job_type.table, at)
            return outcome, next(iter(following), None), others

        row, lease = claimed.row_id, claimed.job.lease.name
        done, marks = claimed.job_type.marked and answer is None, self._deps.store.marks
        with marks.during(row, lease) if done else nullcontext():
            outcome, following, others = self._deps.store.write(work)
        self._record(claimed, outcome, perf_counter() - begun)
        if others:
            self.wake()
        return following

    def _record(self, claimed: ClaimedJob, outcome: str, seconds: float) -> None:
        job_type = claimed.job_type.name
        self._metrics.jobs.labels(job_type, outcome).inc()
        self._metrics.seconds.labels(job_type).observe(seconds)
        log.debug(
            "job done",
            job_type=job_type,
            row=claimed.row_id,
            outcome=outcome,
            seconds=round(seconds, 4),
        )

    def _purge_is_due(self) -> bool:
        every = self._deps.settings.purge_seconds
        last = self._purged_at
        return last is None or abs(now() - last).total_seconds() >= every

    def _purge_if_due(self) -> None:
        if self._purge_is_due():
            at, deps = now(), self._deps
            before = at - timedelta(days=deps.settings.keep_days)
            log.info("purged", deleted=purge(deps.store, before))
            self._purged_at = at


def _pause(next_due_by_queue: NextDueByQueue) -> float:
    """Return the seconds until something comes due or the next check is."""
    if not next_due_by_queue:
        return POLL_SECONDS
    wait = (min(next_due_by_queue.values()) - now()).total_seconds()
    return min(wait, POLL_SECONDS) if wait > 0 else POLL_SECONDS
