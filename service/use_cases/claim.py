"""Claim: work that is due is taken, so that nobody else does it meanwhile.

Law: a claim is durable before the work begins. News about a booking come before
work that is due for it, so nothing goes out that the news forbid (MSG-06).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from service.domain.accesses import Status
from service.ids import new_lease
from service.logs import log
from service.store import accesses, keys, leases, messages, tables
from service.store.leases import Due, Lease
from service.use_cases import follow, issue, notify, renew, revoke
from service.use_cases.setbacks import fault_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Table

    from service.store.tx import Tx
    from service.use_cases.parts import Parts
    from service.use_cases.room import Room

PAUSE: Final = timedelta(minutes=5)
"""How long work waits that could not even be prepared, which is a fault of ours."""


class Job(Protocol):
    """A claimed piece of work: one call to a vendor or a mail server."""

    # Any: each job knows what its own call is answered with
    def ask(self, parts: Parts) -> Any:
        """Return the answer to the call; an error is one, too."""
        ...

    def write_down(self, tx: Tx, parts: Parts, answer: Any) -> str:
        """Return in a word how it went; once committed, that is durable."""
        ...


@dataclass(frozen=True, slots=True)
class Trade:
    """One kind of work: its queue, how a job is made of a row, and its lane.

    `lane` None gives each connection a lane of its own.
    """

    name: str
    table: Table
    prepare: Callable[[Tx, Parts, str, Lease], Job | None]
    lane: str | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job for the row `work`, and the lane that it takes up until it is answered."""

    trade: Trade
    work: str
    lane: str
    job: Job


def claim(
    tx: Tx, parts: Parts, trade: Trade, room: Room, now: datetime
) -> list[Claimed]:
    """Return jobs that are this process's now: as many as there is room for."""
    claimed: list[Claimed] = []
    room = room.copy()
    while room.free:
        rows = _due(tx, trade, room, now)
        fitting = [row for row in rows if room.take(trade.lane or row.connection_id)]
        for row in fitting:
            job = _prepare(tx, parts, trade, row.id, now)
            lane = trade.lane or row.connection_id
            if job is None:
                room.give_back(lane)
            else:
                claimed.append(Claimed(trade, row.id, lane, job))
        if not fitting:
            break
    return claimed


def _due(tx: Tx, trade: Trade, room: Room, now: datetime) -> list[Due]:
    """Return what is due longest of the lanes that may still take a place."""
    queue, limit = trade.table, room.free
    if trade.lane is not None:
        return leases.due(tx, queue, now, limit=limit)
    if room.only is not None:
        return leases.due_of(tx, queue, now, room.only, limit=limit)
    return leases.due(tx, queue, now, limit=limit, without=room.full)


def _prepare(
    tx: Tx, parts: Parts, trade: Trade, row_id: str, now: datetime
) -> Job | None:
    lease = Lease(new_lease(), now, now + parts.settings.lease_for)
    try:
        with tx.apart():
            return trade.prepare(tx, parts, row_id, lease)
    except Exception as fault:  # noqa: BLE001 (one row stops no other)
        log.error("work not prepared", work=row_id, fault=fault_of(fault))
        leases.put_off(tx, trade.table, row_id, now + PAUSE)
        return None


def _access_job(tx: Tx, parts: Parts, access_id: str, lease: Lease) -> Job | None:
    access = accesses.get(tx, access_id)
    if renew.applies(access, lease.since):
        renew.prepare(tx, access, lease)
        return None
    wanted = access.status == Status.IN_PROGRESS and access.cancelled_at is None
    prepare = issue.prepare if wanted else revoke.prepare
    return prepare(tx, parts, access, lease)


def _key_job(tx: Tx, parts: Parts, lock_id: str, lease: Lease) -> Job | None:
    return follow.prepare(tx, parts, keys.get(tx, lock_id), lease)


def _message_job(tx: Tx, parts: Parts, message_id: str, lease: Lease) -> Job | None:
    return notify.prepare(tx, parts, messages.get(tx, message_id), lease)


TRADES: Final = (
    Trade("access", tables.accesses, _access_job),
    Trade("key", tables.keys, _key_job),
    Trade("message", tables.messages, _message_job, lane="mail"),
)
