"""The overview of codes: pages of accesses by filter and search, and their numbers.

A page is asked for by the last id of the page before, so that it costs the same
wherever it lies. Ids sort by time. What is counted is what is stored: records that
retention cleared count no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from service.domain.access import Status
from service.store import schema
from service.store.accesses import GATEWAY, LIVE, Access, opens
from service.store.database import Tx, record, where_in
from service.store.table_gateway import Prepared

_c = schema.accesses.c


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """Which accesses to list; None means any.

    `text` is part of the booking's id, of what is booked, of the code's name or of what
    is known of the customer.
    """

    connection_id: str | None = None
    booking_ref: str | None = None
    lock_id: str | None = None
    status: str | None = None
    active: bool | None = None
    text: str | None = None


def page(
    tx: Tx, wanted: AccessFilter, now: datetime, before: str | None, limit: int
) -> list[Access]:
    """Return accesses older than `before`, the newest first."""
    active, status, where = wanted.active, wanted.status, []
    if wanted.connection_id is not None:
        where.append(_c.connection_id == wanted.connection_id)
    if wanted.booking_ref is not None:
        where.append(_c.booking_ref == wanted.booking_ref)
    if status is not None:  # written out, so that it can find a partial index
        where.append(_c.status == sa.literal_column(f"'{Status(status)}'"))
    if wanted.text is not None:
        where.append(_has_text(tx, wanted.text))
    if wanted.lock_id is not None:
        where.append(opens(wanted.lock_id))
    if before is not None:
        where.append(_c.id < before)
    if active is not None:
        where.append(_is_active(now) if active else ~_is_active(now))
    return GATEWAY.where(tx, *where, newest_first=True, limit=limit)


def _has_text(tx: Tx, text: str) -> sa.ColumnElement[bool]:
    """Return the condition that an access or its booking has the text, in any case.

    The narrower bookings are looked through, and of the accesses only those by hand.
    """

    def has(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        if tx.sql.dialect.name == "sqlite":  # whose LIKE is the faster ILIKE
            return column.contains(text, autoescape=True)
        return column.icontains(text, autoescape=True)

    booked = schema.bookings.c
    known = (booked.ref, booked.resource, sa.cast(booked.customer, sa.Text))
    theirs = sa.select(booked.connection_id, booked.ref).where(sa.or_(*map(has, known)))
    of_bookings = sa.tuple_(_c.connection_id, _c.booking_ref).in_(theirs)
    by_hand = (_c.by_hand == sa.true()) & has(_c.name)
    return _c.id.in_(
        sa.union(sa.select(_c.id).where(of_bookings), sa.select(_c.id).where(by_hand))
    )


def _is_active(now: datetime) -> sa.ColumnElement[bool]:
    """Return what `Access.active` says, in SQL."""
    not_over = _c.valid_until.is_(None) | (_c.valid_until > now)
    return _c.wanted & where_in(_c.status, LIVE) & _c.cancelled_at.is_(None) & not_over


_made = (_c.connection_id, _c.resource)


@record
class Usage:
    """Codes of one resource, which is None for codes by hand and those of members."""

    connection_id: str
    resource: str | None
    codes: int


_COUNTED: Final = Prepared(
    sa.select(*_made, sa.func.count().label("codes"))
    .where(
        _c.created_at >= sa.bindparam("since", type_=_c.created_at.type),
        _c.created_at < sa.bindparam("until", type_=_c.created_at.type),
    )
    .group_by(*_made)
    .order_by(*_made)
)


def counted(tx: Tx, since: datetime, until: datetime) -> list[Usage]:
    """Return the codes that were made from `since` until before `until`."""
    found = _COUNTED.rows(tx.sql, {"since": since, "until": until})
    return [Usage(*row) for row in found]
