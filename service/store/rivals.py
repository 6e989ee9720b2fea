"""Rivals: what other accesses of a lock leave of its codes, its time and its room.

Invariants: two connections may see one lock, by the vendor's own id of it; their codes
are told apart like those of one. A cancelled code counts until it opens nothing more.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from service.domain.access import Status
from service.domain.schedule import Window
from service.store import accesses, locks, schema
from service.store.accesses import Access
from service.store.database import Tx, where_in
from service.store.table_gateway import Prepared

_c = schema.accesses.c
_lock, _twin = schema.locks.alias("mine"), schema.locks.alias("twin")
_one, _two = schema.connections.alias("one"), schema.connections.alias("two")
_SAME_LOCKS: Final = Prepared(
    sa.select(_twin.c.id)
    .select_from(_lock)
    .join(_one, _one.c.id == _lock.c.connection_id)
    .join(_twin, _twin.c.vendor_id == _lock.c.vendor_id)
    .join(_two, (_two.c.id == _twin.c.connection_id) & (_two.c.vendor == _one.c.vendor))
    .where(_lock.c.id == sa.bindparam("lock_id"))
)


_NOT_OVER: Final = accesses.GATEWAY.query(
    _c.lock_id == sa.bindparam("lock_id"), _c.valid_until > sa.bindparam("now")
)


def same_locks(tx: Tx, lock_id: str) -> list[str]:
    """Return the ids that the lock has, at whatever connections it is seen."""

    def read() -> list[str]:
        return [row[0] for row in _SAME_LOCKS.rows(tx.sql, {"lock_id": lock_id})]

    return tx.sql.known.get(schema.locks, (same_locks, lock_id), read)


def strays(tx: Tx, lock_id: str, refs: Collection[str]) -> list[str]:
    """Return those refs whose codes should not be: of no access, or of removed ones."""
    found = locks.by_ids(tx, same_locks(tx, lock_id)).values() if refs else ()
    mine = where_in(_c.connection_id, {each.connection_id for each in found})
    held = accesses.GATEWAY.where(tx, where_in(_c.ref, refs), mine) if refs else []
    own = {each.ref for each in held if each.status != Status.REMOVED}
    return sorted(set(refs) - own)


def rivals(tx: Tx, access: Access, window: Window) -> list[Access]:
    """Return the lock's other accesses of this window that have or may have a code."""
    same = _of_lock(tx, access.lock_id, valid_from=window.start, kind=window.kind)
    same = [each for each in same if each.valid_until == window.end and each.live]
    return [each for each in same if each.id != access.id]


def with_pin(
    tx: Tx, access: Access, pin_fingerprint: str, now: datetime
) -> list[Access]:
    """Return the lock's other accesses that have the same PIN and may open it."""
    same = _of_lock(tx, access.lock_id, pin_fingerprint=pin_fingerprint)
    others = [each for each in same if not access.owned_with(each)]
    if (key := access.key_fingerprint) is not None:
        others = [each for each in others if each.key_fingerprint != key]
    return [each for each in others if each.may_open(now)]


def _of_lock(tx: Tx, lock_id: str, **key: object) -> list[Access]:
    """Return the lock's accesses with these values, at whatever connections."""
    find = accesses.GATEWAY.all
    return [
        each for id_ in same_locks(tx, lock_id) for each in find(tx, lock_id=id_, **key)
    ]


def still_open(tx: Tx, lock_id: str, now: datetime) -> list[Access]:
    """Return the lock's accesses that have or may have a code that is not over."""
    found = accesses.GATEWAY.found_by(tx, _NOT_OVER, lock_id=lock_id, now=now)
    return [each for each in found if each.may_open(now)]


def not_over(tx: Tx, lock_id: str, now: datetime) -> list[Access]:
    """Return the lock's accesses of now and later that have a code or ask for one."""
    found = accesses.GATEWAY.found_by(tx, _NOT_OVER, lock_id=lock_id, now=now)
    return [each for each in found if each.may_open(now) or each.wants_code(now)]


def many_open(tx: Tx, lock_id: str, now: datetime, count: int) -> bool:
    """Return whether the lock has at least so many codes that are not over."""
    mine = (_c.lock_id == lock_id) & ((_c.attempts > 0) | _c.created_at.is_not(None))
    found = accesses.GATEWAY.where(tx, mine, _c.valid_until > now, limit=count)
    return len(found) >= count


def leaving(tx: Tx, access: Access) -> bool:
    """Return whether another access of the lock is about to be revoked."""
    ends = _c.cancelled_at.is_not(None) & _c.due_at.is_not(None)
    mine = (_c.lock_id == access.lock_id) & (_c.id != access.id)
    return bool(accesses.GATEWAY.where(tx, mine, ends, limit=1))
