"""Access to one table: find, add, change and remove its records by column values.

Invariants: a record shows its row at the moment it was read. To change it, name the
row and the new values; the object itself never changes. Each statement is compiled
once and then run on the driver directly, which costs a third to a half of the
processor time that SQLAlchemy Core takes for the same statement.
"""

from __future__ import annotations

from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from service.store.database import Sql, Tx
from service.store.tables import TABLES

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Statement = sa.Select[Any] | sa.Insert | sa.Update | sa.Delete  # whatever its columns
Converter = Callable[[Any], Any]  # one value, to or from what the driver takes
Values = Mapping[str, object]
Thing = TypeVar("Thing")

NOTHING: Final[Values] = {}


class Prepared:
    """A statement that is compiled once for each kind of database.

    Its parameters are given by name. It is safe to use from many threads.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        deletes = isinstance(statement, sa.Delete)  # and rows that refer to these
        self._forgets = None if deletes else getattr(statement, "table", None)
        self._by_dialect: dict[str, _Compiled] = {}

    def rows(self, sql: Sql, values: Values = NOTHING) -> list[list[Any]]:
        """Run a query; return its rows as Python values."""
        compiled = self._compiled(sql.dialect)
        cursor = sql.run(compiled.text, compiled.row(values))
        return compiled.read(cursor.fetchall())

    def count(self, sql: Sql, values: Values = NOTHING) -> int:
        """Run the statement; return how many rows it has written."""
        compiled = self._compiled(sql.dialect)
        written: int = sql.run(compiled.text, compiled.row(values)).rowcount
        if written:
            sql.known.forget(self._forgets)
        return written

    def each(self, sql: Sql, rows: Iterable[Values]) -> None:
        """Run the statement once for each row of values."""
        compiled = self._compiled(sql.dialect)
        sql.known.forget(self._forgets)
        sql.run_many(compiled.text, [compiled.row(values) for values in rows])

    def _compiled(self, dialect: Dialect) -> _Compiled:
        compiled = self._by_dialect.get(dialect.name)
        if compiled is None:
            compiled = _Compiled(self._statement, dialect)
            self._by_dialect[dialect.name] = compiled
        return compiled


class _Compiled:
    """The statement in one database's SQL, and the conversion of its values."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = compiled.string
        self._by_position = compiled.positiontup is not None
        self._constants = {
            name: bind.value
            for name, bind in compiled.binds.items()
            if not bind.required
        }
        converters = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        }
        names = compiled.positiontup or list(converters)
        self._parameters: list[tuple[str, Converter | None]] = [
            (n, converters[n]) for n in names
        ]
        self._converters: list[tuple[int, Converter]] = []
        columns = statement.selected_columns if isinstance(statement, sa.Select) else ()
        for place, column in enumerate(columns):
            kind = column.type.dialect_impl(dialect)
            if convert := kind.result_processor(dialect, None):
                self._converters.append((place, convert))

    def row(self, values: Values) -> Any:
        """Return the parameters as the driver takes them, by position or by name."""
        parameters = {**self._constants, **values} if self._constants else values
        if self._by_position:
            return [
                convert(parameters[n]) if convert else parameters[n]
                for n, convert in self._parameters
            ]
        return {
            n: convert(parameters[n]) if convert else parameters[n]
            for n, convert in self._parameters
        }

    def read(self, rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
        """Return the driver's rows as Python values."""
        found = [list(row) for row in rows]
        for values in found:
            for place, convert in self._converters:
                if (value := values[place]) is not None:
                    values[place] = convert(value)
        return found


Record = TypeVar("Record", bound="DataclassInstance")


class TableGateway(Generic[Record]):
    """Adds, finds, changes and removes the records of one table, whose key is `id`.

    With `read_once`, what is read by column values is read once, until somebody writes
    the table: for settings, which most units of work ask for.
    """

    def __init__(
        self,
        record: type[Record],
        table: sa.Table | None = None,
        *,
        read_once: bool = False,
    ) -> None:
        self.table = TABLES[record] if table is None else table
        self._record = record
        self._read_once = read_once
        self._names = [field.name for field in fields(record)]
        self._values = attrgetter(*self._names)
        self._key = attrgetter(*(each.name for each in self.table.primary_key))
        self._insert = Prepared(sa.insert(self.table))
        self._select = cache(self._prepare_select)
        self._where_in = cache(self._prepare_where_in)
        self._change = cache(self._prepare_change)
        self._remove = cache(self._prepare_remove)

    def add(self, tx: Tx, record: Record) -> Record:
        """Insert the record; return it."""
        self._insert.count(tx.sql, self._columns(record))
        return record

    def add_all(self, tx: Tx, records: Iterable[Record]) -> None:
        """Insert the records."""
        self._insert.each(tx.sql, map(self._columns, records))

    def by_id(self, tx: Tx, row_id: str) -> Record | None:
        """Return the record with this id, or None."""
        return self.find(tx, id=row_id)

    def get(self, tx: Tx, row_id: str) -> Record:
        """Return the record with this id; `LookupError` if there is none."""
        return self._existing(row_id, self.find(tx, id=row_id))

    def get_for_update(self, tx: Tx, row_id: str) -> Record:
        """Return the record as `get` does, locked until the transaction ends.

        Others may still add rows that refer to it: two that have each added one, and
        then lock it, would otherwise wait for each other.
        """
        return self._existing(row_id, self.find_for_update(tx, id=row_id))

    def find(self, tx: Tx, **key: object) -> Record | None:
        """Return the one record with these values, or None."""
        return next(iter(self.all(tx, **key)), None)

    def find_for_update(self, tx: Tx, **key: object) -> Record | None:
        """Return the record, locked until the transaction ends; or None.

        SQLite has one writer at a time, so nothing else can change it anyway.
        """
        if self._read_once and tx.sql.dialect.name == "sqlite":
            return self.find(tx, **key)
        query = self._select(tuple(key), for_update=True)
        return next(iter(self.found_by(tx, query, **key)), None)

    def where_in(
        self,
        tx: Tx,
        names: tuple[str, ...],
        keys: Collection[Sequence[object]],
        *,
        for_update: bool = False,
    ) -> list[Record]:
        """Return the records whose columns `names` hold one of the `keys`."""
        values = {
            f"the_{name}_{place}": value
            for place, key in enumerate(keys)
            for name, value in zip(names, key, strict=True)
        }
        query = self._where_in(names, len(keys), for_update=for_update)
        return self.found_by(tx, query, **values)

    def all(self, tx: Tx, **key: object) -> list[Record]:
        """Return the records with these values, the oldest first: ids sort by time."""
        if self._read_once:
            asked = tuple(key.items())
            found = tx.sql.known.get(self.table, asked, lambda: self._all(tx, key))
            return [*found]
        return self._all(tx, key)

    def _all(self, tx: Tx, key: Values) -> list[Record]:
        found = self.found_by(tx, self._select(tuple(key)), **key)
        return sorted(found, key=self._key) if len(found) > 1 else found

    def where(
        self,
        tx: Tx,
        *where: sa.ColumnElement[bool],
        newest_first: bool = False,
        limit: int | None = None,
    ) -> list[Record]:
        """Return the records that meet the conditions, the oldest first or last.

        It compiles a statement; what is asked often is a `query`, compiled once.
        """
        return self.found_by(
            tx, self.query(*where, newest_first=newest_first, limit=limit)
        )

    def query(
        self,
        *where: sa.ColumnElement[bool],
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Prepared:
        """Return the query for the records that meet the conditions."""
        key = self.table.primary_key
        order = [each.desc() for each in key] if newest_first else list(key)
        columns = (self.table.c[name] for name in self._names)
        return Prepared(sa.select(*columns).where(*where).order_by(*order).limit(limit))

    def found_by(self, tx: Tx, query: Prepared, **values: object) -> list[Record]:
        """Return the records that a `query` finds with these values."""
        return [self._record(*row) for row in query.rows(tx.sql, values)]

    def page(
        self, tx: Tx, before: str | None, limit: int, **key: object
    ) -> list[Record]:
        """Return records with ids before that one, the newest first; None means any."""
        column = self.table.c
        where = [] if before is None else [column.id < before]
        where += [column[name] == key[name] for name in key if key[name] is not None]
        return self.where(tx, *where, newest_first=True, limit=limit)

    def change(self, tx: Tx, key: Mapping[str, object], **values: object) -> int:
        """Set the values on the records with that key; return how many there are."""
        if not values:
            return 0
        statement = self._change(tuple(key), tuple(values))
        return statement.count(tx.sql, values | _named(key))

    def change_by_id(self, tx: Tx, row_id: str, **values: object) -> None:
        """Set the values on the record with this id."""
        self.change(tx, {"id": row_id}, **values)

    def conclude(self, tx: Tx, row_id: str, lease: str, **values: object) -> bool:
        """Set the values and end the lease; return False if the lease is lost."""
        held = {"id": row_id, "lease": lease}
        return self.change(tx, held, lease=None, **values) == 1

    def change_all(
        self, tx: Tx, names: tuple[str, ...], records: Iterable[Record]
    ) -> None:
        """Update the row of each record, which the columns `names` identify."""
        others = tuple(name for name in self._names if name not in names)
        rows = map(self._columns, records)
        changes = [row | _named({name: row[name] for name in names}) for row in rows]
        self._change(names, others).each(tx.sql, changes)

    def remove(self, tx: Tx, **key: object) -> int:
        """Delete the records with these values; return how many there were."""
        return self._remove(tuple(key)).count(tx.sql, key)

    def _existing(self, row_id: str, found: Record | None) -> Record:
        if found is None:
            raise LookupError(f"{self.table.name} has no row {row_id!r}")
        return found

    def _prepare_select(
        self, key: Iterable[str], *, for_update: bool = False
    ) -> Prepared:
        # To ask for an order has SQLite take an index for it, not for the condition
        found = self._select_where(key)
        return Prepared(found.with_for_update(key_share=True) if for_update else found)

    def _prepare_where_in(
        self, names: Iterable[str], count: int, *, for_update: bool
    ) -> Prepared:
        column = self.table.c
        any_key = sa.or_(
            *(
                sa.and_(
                    *(column[name] == sa.bindparam(f"the_{name}_{n}") for name in names)
                )
                for n in range(count)
            )
        )
        found = self._select_where(()).where(any_key)
        return Prepared(found.with_for_update(key_share=True) if for_update else found)

    def _prepare_change(self, key: Iterable[str], names: Iterable[str]) -> Prepared:
        values: dict[str, Any] = {name: sa.bindparam(name) for name in names}
        where = self._equal(key, OLD)
        return Prepared(sa.update(self.table).where(*where).values(values))

    def _prepare_remove(self, key: Iterable[str]) -> Prepared:
        return Prepared(sa.delete(self.table).where(*self._equal(key)))

    def _select_where(self, key: Iterable[str]) -> sa.Select[Any]:  # columns vary
        columns = (self.table.c[name] for name in self._names)
        return sa.select(*columns).where(*self._equal(key))

    def _columns(self, record: Record) -> dict[str, object]:
        return dict(zip(self._names, self._values(record), strict=True))

    def _equal(
        self, key: Iterable[str], prefix: str = ""
    ) -> list[sa.ColumnElement[bool]]:
        return [self.table.c[name] == sa.bindparam(prefix + name) for name in key]


def longest_due(query: sa.Select[Any], table: sa.Table) -> sa.Select[Any]:
    """Return the query for the first `limit` rows that no other transaction locks."""
    limit = sa.bindparam("limit", type_=sa.Integer)
    found = query.order_by(table.c.due_at).limit(limit)
    return found.with_for_update(skip_locked=True, key_share=True)


OLD: Final = "the_"
"""Tells the value by which a row is found from the one that it is given."""


def _named(key: Mapping[str, object]) -> dict[str, object]:
    return {OLD + name: value for name, value in key.items()}
