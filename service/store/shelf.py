"""A shelf: one table, and the frozen dataclass whose fields are its columns.

Law: a record read is a record of that moment. It is changed by naming the row and
the new values, never by changing the object.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING
from typing import Any
from typing import Generic
from typing import TypeVar

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from sqlalchemy import ColumnElement
    from sqlalchemy import Table

    from service.store.tx import Tx

Record = TypeVar("Record", bound="DataclassInstance")


class Shelf(Generic[Record]):
    """Puts records on a table and finds them again."""

    def __init__(self, table: Table, record: type[Record]) -> None:
        self.table = table
        self._record = record
        self._names = [field.name for field in fields(record)]
        self._select = select(*(table.c[name] for name in self._names))
        self._insert = insert(table)

    def add(self, tx: Tx, record: Record) -> Record:
        """Return the record once it stands in the table."""
        values = {name: getattr(record, name) for name in self._names}
        tx.sql.execute(self._insert, values)
        return record

    def find(self, tx: Tx, *where: ColumnElement[bool]) -> Record | None:
        """Return the one record that fits, or None."""
        row = tx.sql.execute(self._select.where(*where)).first()
        return None if row is None else self._record(*row)

    def hold(self, tx: Tx, *where: ColumnElement[bool]) -> Record | None:
        """Return the record that fits; until the end of `tx` nobody else changes it.

        SQLite has one writer at a time and holds everything anyway.
        """
        row = tx.sql.execute(self._select.where(*where).with_for_update()).first()
        return None if row is None else self._record(*row)

    def all(
        self,
        tx: Tx,
        *where: ColumnElement[bool],
        newest_first: bool = False,
        limit: int | None = None,
    ) -> list[Record]:
        """Return the records that fit, in order of their key; ids sort by time."""
        key = self.table.primary_key
        order = [column.desc() for column in key] if newest_first else list(key)
        rows = tx.sql.execute(self._select.where(*where).order_by(*order).limit(limit))
        return [self._record(*row) for row in rows]

    def change(self, tx: Tx, *where: ColumnElement[bool], **values: Any) -> int:
        """Return how many records now have the values; their types are the columns'."""
        return tx.sql.execute(update(self.table).where(*where).values(values)).rowcount

    def remove(self, tx: Tx, *where: ColumnElement[bool]) -> int:
        """Return how many records are gone."""
        return tx.sql.execute(delete(self.table).where(*where)).rowcount
