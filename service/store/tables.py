"""Tables: a record declares its own, one column a field.

A field's type says what its column holds, and with `| None` that it may be empty. A
field `id` is the key. One that is named as in `REFERENCES` names a row of that table,
and goes with it. What else a table has stands in `stored_in`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from datetime import datetime
from types import NoneType
from typing import Any, Final, TypeVar, dataclass_transform, get_args, get_type_hints

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from service.store.database import Instant, record

Record = TypeVar("Record")
ColumnType = TypeEngine[Any] | type[TypeEngine[Any]]  # Any: whatever it holds

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
TABLES: Final[dict[type, sa.Table]] = {}
"""The table of each record."""

TYPES: Final[dict[type, ColumnType]] = {
    str: sa.Text,
    int: sa.Integer,
    bool: sa.Boolean,
    datetime: Instant(),
}
"""What columns hold; all else is kept as JSON."""

REFERENCES: Final = {
    "connection_id": "connections.id",
    "lock_id": "locks.id",
    "access_id": "accesses.id",
    "user_id": "users.id",
    "session_id": "sessions.id",
}
MARGIN: Final = (
    "margin_before_hours",
    "margin_before_minutes",
    "margin_after_hours",
    "margin_after_minutes",
)
"""The columns of a margin, as `margin_of` takes them."""

OF_BOOKING: Final = ("connection_id", "booking_ref")
"""The columns by which a row names the booking that it belongs to."""


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def stored_in(
    name: str, *parts: sa.Constraint | sa.Index
) -> Callable[[type[Record]], type[Record]]:
    """Return the decorator of a record that is kept in a table of that name.

    `parts` are the table's further constraints, and the indexes without a condition.
    """

    def declare(fields: type[Record]) -> type[Record]:
        made = record(fields)
        columns = (_column(*each) for each in get_type_hints(fields).items())
        TABLES[made] = sa.Table(name, metadata, *columns, *parts)
        return made

    return declare


def goes_with_booking() -> sa.ForeignKeyConstraint:
    """Return the constraint of a row that goes with its booking."""
    theirs = ["bookings.connection_id", "bookings.ref"]
    return sa.ForeignKeyConstraint(OF_BOOKING, theirs, ondelete="CASCADE")


def _column(name: str, kind: Any) -> sa.Column[Any]:  # any field's
    kinds = get_args(kind) if NoneType in get_args(kind) else (kind,)
    holds = TYPES.get(kinds[0], sa.JSON)
    nullable = NoneType in kinds
    if name not in REFERENCES:
        return sa.Column(name, holds, primary_key=name == "id", nullable=nullable)
    owner = sa.ForeignKey(REFERENCES[name], ondelete="CASCADE")
    return sa.Column(name, holds, owner, nullable=nullable)
