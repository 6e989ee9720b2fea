"""A shelf: one table, and the frozen dataclass whose fields are its columns.

Law: a record read is a record of that moment. It is changed by naming the row and
the new values, never by changing the object. Each statement is built once, since
building it costs more than running it.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING
from typing import Any
from typing import Generic
from typing import TypeVar

from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from _typeshed import DataclassInstance
    from sqlalchemy import ColumnElement
    from sqlalchemy import Delete
    from sqlalchemy import Select
    from sqlalchemy import Table
    from sqlalchemy import Update

    from service.store.tx import Tx

Record = TypeVar("Record", bound="DataclassInstance")


class Shelf(Generic[Record]):
    """Puts records on a table and finds them again, by columns that are equal."""

    def __init__(self, table: Table, record: type[Record]) -> None:
        self.table = table
        self._record = record
        self._names = [field.name for field in fields(record)]
        self._values = attrgetter(*self._names)
        self._insert = insert(table)
        self._select = cache(self._build_select)
        self._update = cache(self._build_update)
        self._delete = cache(self._build_delete)

    def add(self, tx: Tx, record: Record) -> Record:
        """Return the record once it stands in the table."""
        values = dict(zip(self._names, self._values(record), strict=True))
        tx.sql.execute(self._insert, values)
        return record

    def find(self, tx: Tx, **key: object) -> Record | None:
        """Return the one record with these values, or None."""
        row = tx.sql.execute(self._select(tuple(key)), _named(key)).first()
        return None if row is None else self._record(*row)

    def hold(self, tx: Tx, **key: object) -> Record | None:
        """Return the record; nobody else changes it before the transaction ends.

        SQLite has one writer at a time and holds everything anyway.
        """
        query = self._select(tuple(key)).with_for_update()
        row = tx.sql.execute(query, _named(key)).first()
        return None if row is None else self._record(*row)

    def all(
        self,
        tx: Tx,
        *where: ColumnElement[bool],
        newest_first: bool = False,
        limit: int | None = None,
        **key: object,
    ) -> list[Record]:
        """Return the records that fit, in order of their key; ids sort by time."""
        columns = self.table.primary_key
        order = [each.desc() for each in columns] if newest_first else list(columns)
        query = self._select(tuple(key)).order_by(*order)
        if where:
            query = query.where(*where)
        if limit is not None:
            query = query.limit(limit)
        return [self._record(*row) for row in tx.sql.execute(query, _named(key))]

    def page(
        self, tx: Tx, before: str | None, limit: int, **key: object
    ) -> list[Record]:
        """Return records with ids before that one, the newest first; None is any."""
        where = [] if before is None else [self.table.c.id < before]
        known = {name: value for name, value in key.items() if value is not None}
        return self.all(tx, *where, newest_first=True, limit=limit, **known)

    def change(self, tx: Tx, key: Mapping[str, object], **values: object) -> int:
        """Return how many records with that key now have the values; none is none."""
        if not values:
            return 0
        query = self._update(tuple(key), tuple(values))
        return tx.sql.execute(query, values | _named(key)).rowcount

    def remove(self, tx: Tx, **key: object) -> int:
        """Return how many records with these values are gone."""
        return tx.sql.execute(self._delete(tuple(key)), _named(key)).rowcount

    def _build_select(self, key: Iterable[str]) -> Select[Any]:  # columns vary
        columns = (self.table.c[name] for name in self._names)
        return select(*columns).where(*self._equal(key))

    def _build_update(self, key: Iterable[str], names: Iterable[str]) -> Update:
        values: dict[str, Any] = {name: bindparam(name) for name in names}
        return update(self.table).where(*self._equal(key)).values(values)

    def _build_delete(self, key: Iterable[str]) -> Delete:
        return delete(self.table).where(*self._equal(key))

    def _equal(self, key: Iterable[str]) -> list[ColumnElement[bool]]:
        return [self.table.c[name] == bindparam(f"the_{name}") for name in key]


def _named(key: Mapping[str, object]) -> dict[str, object]:
    return {f"the_{name}": value for name, value in key.items()}
