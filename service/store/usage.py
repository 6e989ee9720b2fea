"""Usage: how many codes were made in a span of time, by connection and resource.

Invariants: it counts what is stored. Records that retention cleared count no more.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from service.store import schema
from service.store.database import Tx, record
from service.store.table_gateway import Prepared

_c = schema.accesses.c
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
