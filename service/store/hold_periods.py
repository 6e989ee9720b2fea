"""Stays: whose time with a lock's key was or will be when.

Invariants: how many there were in the past costs nothing. What is over is asked for one
by one, and only where a key is missing and nobody can say since when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, case, select

from service.domain.keys import HoldPeriod
from service.store import tables
from service.store.prepared import Prepared

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

    from service.store.tx import Tx

_c: Final = tables.accesses.c
_cut: Final = _c.cancelled_at < _c.valid_until
_ends: Final = case((_cut, _c.cancelled_at), else_=_c.valid_until)


def _hold_periods_of_lock() -> Select[Any]:  # columns of three types
    """Return the stays of one lock's key: what has a code, a beginning and an end."""
    return select(_c.id, _c.valid_from, _ends).where(
        _c.lock_id == bindparam("lock"),
        _c.created_at.is_not(None),
        _c.valid_from.is_not(None),
    )


_ENDING_AFTER: Final = Prepared(
    _hold_periods_of_lock().where(_c.valid_until > bindparam("at"))
)
_ENDED_BEFORE: Final = Prepared(
    _hold_periods_of_lock()
    .where(_ends <= bindparam("at"))
    .order_by(_ends.desc())
    .limit(1)
)


def hold_periods_from(tx: Tx, lock_id: str, at: datetime) -> list[HoldPeriod]:
    """Return the stays that were not to be over by then."""
    return _hold_periods(tx, _ENDING_AFTER, lock_id, at)


def last_hold_period(tx: Tx, lock_id: str, at: datetime) -> list[HoldPeriod]:
    """Return the stay that was over last by then, if any."""
    return _hold_periods(tx, _ENDED_BEFORE, lock_id, at)


def _hold_periods(
    tx: Tx, those: Prepared, lock_id: str, at: datetime
) -> list[HoldPeriod]:
    return [HoldPeriod(*row) for row in those.rows(tx.sql, {"lock": lock_id, "at": at})]
