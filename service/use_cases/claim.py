"""Claim: work that is due is taken, so that nobody else does it meanwhile.

Invariants: a claim is durable before the work begins. News about a booking come before
work that is due for it, so nothing goes out that the news forbid (MSG-06).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from service.domain.access import Status
from service.ids import new_lease
from service.logs import fault_of, log
from service.store import accesses, keys, leases, messages, schema
from service.store.leases import Due, Lease
from service.use_cases import issue, notify, renew, revoke, track_keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Table

    from service.store.database import Tx
    from service.use_cases.concurrency_limiter import ConcurrencyLimiter
    from service.use_cases.dependencies import Dependencies

PAUSE: Final = timedelta(minutes=5)
"""How long work waits that could not even be prepared, which is a fault of ours."""


class Job(Protocol):
    """A claimed piece of work: one call to a vendor or a mail server."""

    # Any: each job knows what its own call is answered with
    def ask(self, deps: Dependencies) -> Any:
        """Return the answer to the call; an error is one, too."""
        ...

    def write_down(self, tx: Tx, deps: Dependencies, answer: Any) -> str:
        """Return in a word how it went; once committed, that is durable."""
        ...


@dataclass(frozen=True, slots=True)
class JobType:
    """One kind of work: its queue, how a job is made of a row, and its lane.

    `partition` None gives each connection a lane of its own.
    """

    name: str
    table: Table
    prepare: Callable[[Tx, Dependencies, str, Lease], Job | None]
    partition: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job for the row `work`, and the lane that it takes up until it is answered."""

    job_type: JobType
    work: str
    partition: str
    job: Job


def claim(
    tx: Tx,
    deps: Dependencies,
    job_type: JobType,
    limiter: ConcurrencyLimiter,
    now: datetime,
) -> list[ClaimedJob]:
    """Return jobs that are this process's now: as many as there is room for."""
    claimed: list[ClaimedJob] = []
    limiter = limiter.copy()
    while limiter.free:
        rows = _due(tx, job_type, limiter, now)
        fitting = [
            row
            for row in rows
            if limiter.acquire(job_type.partition or row.connection_id)
        ]
        for row in fitting:
            job = _prepare(tx, deps, job_type, row.id, now)
            partition = job_type.partition or row.connection_id
            if job is None:
                limiter.release(partition)
            else:
                claimed.append(ClaimedJob(job_type, row.id, partition, job))
        if not fitting:
            break
    return claimed


def _due(
    tx: Tx, job_type: JobType, limiter: ConcurrencyLimiter, now: datetime
) -> list[Due]:
    """Return what is due longest of the lanes that may still take a place."""
    queue, limit = job_type.table, limiter.free
    if job_type.partition is not None:
        return leases.due(tx, queue, now, limit=limit)
    if limiter.only is not None:
        return leases.due_of(tx, queue, now, limiter.only, limit=limit)
    return leases.due(tx, queue, now, limit=limit, excluding=limiter.full)


def _prepare(
    tx: Tx, deps: Dependencies, job_type: JobType, row_id: str, now: datetime
) -> Job | None:
    lease = Lease(new_lease(), now, now + deps.settings.lease_for)
    try:
        with tx.savepoint():
            return job_type.prepare(tx, deps, row_id, lease)
    except Exception as fault:  # noqa: BLE001 (one row stops no other)
        log.error("work not prepared", work=row_id, fault=fault_of(fault))
        leases.put_off(tx, job_type.table, row_id, now + PAUSE)
        return None


def _access_job(tx: Tx, deps: Dependencies, access_id: str, lease: Lease) -> Job | None:
    access = accesses.get(tx, access_id)
    if renew.applies(access, lease.since):
        renew.prepare(tx, access, lease)
        return None
    wanted = access.status == Status.IN_PROGRESS and access.cancelled_at is None
    prepare = issue.prepare if wanted else revoke.prepare
    return prepare(tx, deps, access, lease)


def _key_job(tx: Tx, deps: Dependencies, lock_id: str, lease: Lease) -> Job | None:
    return track_keys.prepare(tx, deps, keys.get(tx, lock_id), lease)


def _message_job(
    tx: Tx, deps: Dependencies, message_id: str, lease: Lease
) -> Job | None:
    return notify.prepare(tx, deps, messages.get(tx, message_id), lease)


JOB_TYPES: Final = (
    JobType("access", schema.accesses, _access_job),
    JobType("key", schema.keys, _key_job),
    JobType("message", schema.messages, _message_job, partition="mail"),
)
