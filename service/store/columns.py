"""Column types: what crosses between Python and a table's cell.

Invariants: an instant is aware and in UTC on the Python side, whatever the database
keeps; a naive one is refused before it is stored.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import DateTime, Text, cast, false, literal_column, or_
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Column, ColumnElement
    from sqlalchemy.engine import Dialect


OFFSET: Final = "+00:00"
"""How the offset of UTC is written, which SQLite's digits leave out."""


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC; PostgreSQL keeps the zone, SQLite the UTC digits."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """Return what makes of an instant what the database keeps."""
        return _digits if dialect.name == "sqlite" else _in_utc

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], Any]:
        """Return what makes an instant, in UTC, of what the database kept."""
        del coltype  # it is always the one
        return _instant if dialect.name == "sqlite" else _in_utc


def where_in(column: Column[Any], values: Iterable[object]) -> ColumnElement[bool]:
    """Return that the column has one of these values, each a value by itself."""
    return or_(false(), *(column == value for value in values))


def has_names(names: Column[list[str]]) -> ColumnElement[bool]:
    """Return whether a column of names has any, in the very words of an index."""
    return cast(names, Text) != literal_column("'[]'")


def _in_utc(value: datetime | None) -> datetime | None:
    """Return the instant in UTC; a naive one is refused."""
    if value is None or value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        msg = f"{value.isoformat()} has no zone; store aware instants only"
        raise ValueError(msg)
    return value.astimezone(UTC)


def _digits(value: datetime | None) -> str | None:
    """Return the instant's digits in UTC, all of one length so that they compare."""
    in_utc = _in_utc(value)
    if in_utc is None:
        return None
    return in_utc.isoformat(" ", "microseconds")[: -len(OFFSET)]


def _instant(digits: str | None) -> datetime | None:
    return None if digits is None else datetime.fromisoformat(digits + OFFSET)
