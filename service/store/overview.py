"""The overview: accesses of all times, a page at a time (CON-08).

Invariants: what is over stays in it until it is cleared (`retention.py`). `active` says
in SQL what `Access.active` says.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from service.store import tables
from service.store.accesses import GATEWAY, LIVE, opens
from service.store.columns import where_in

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from service.store.accesses import Access
    from service.store.tx import Tx

_c: Final = tables.accesses.c


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """Which accesses are looked for; None is any."""

    connection_id: str | None = None
    booking_ref: str | None = None
    lock_id: str | None = None
    status: str | None = None
    active: bool | None = None


def page(
    tx: Tx, wanted: AccessFilter, now: datetime, before: str | None, limit: int
) -> list[Access]:
    """Return accesses older than `before`, the newest first."""
    plain = {name: value for name, value in asdict(wanted).items() if value is not None}
    active = plain.pop("active", None)
    lock_id = plain.pop("lock_id", None)
    where = [_c[name] == value for name, value in plain.items()]
    if lock_id is not None:
        where.append(opens(lock_id))
    if before is not None:
        where.append(_c.id < before)
    if active is not None:
        where.append(_is_active(now) if active else ~_is_active(now))
    return GATEWAY.where(tx, *where, newest_first=True, limit=limit)


def _is_active(now: datetime) -> ColumnElement[bool]:
    """Return what `Access.active` says, in SQL."""
    not_over = _c.valid_until.is_(None) | (_c.valid_until > now)
    return _c.wanted & where_in(_c.status, LIVE) & _c.cancelled_at.is_(None) & not_over
