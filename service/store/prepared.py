"""Statements that are compiled once and run on the driver itself.

Invariants: SQLAlchemy says what a statement and its values look like in each database;
running it is left to the driver. That is a small part of the cost of handing the
statement over each time, and all that the service does is made of such statements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Delete, Insert, Update
    from sqlalchemy.engine import Dialect

    from service.store.sql import Sql

    Statement = Select[Any] | Insert | Update | Delete  # whatever its columns
    Converter = Callable[[Any], Any]  # one value, to or from what the driver takes
    Values = Mapping[str, object]


NOTHING: Final[Values] = {}


class Prepared:
    """A statement whose values come in by name, but for those that it says itself.

    It is safe to use from many threads.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled_by_dialect: dict[str, _Compiled] = {}

    def rows(self, sql: Sql, values: Values = NOTHING) -> list[list[Any]]:
        """Return the rows that a query finds, as Python values."""
        compiled_form = self._compiled(sql.dialect)
        return [
            compiled_form.read(row) for row in compiled_form.run(sql, values).fetchall()
        ]

    def count(self, sql: Sql, values: Values = NOTHING) -> int:
        """Return how many rows the statement has written."""
        written: int = self._compiled(sql.dialect).run(sql, values).rowcount
        return written

    def each(self, sql: Sql, rows: Iterable[Values]) -> None:
        """Run the statement once for each row of values."""
        compiled_form = self._compiled(sql.dialect)
        sql.run_many(compiled_form.text, [compiled_form.row(values) for values in rows])

    def _compiled(self, dialect: Dialect) -> _Compiled:
        """Return the form that every store of this kind of database shares."""
        compiled_form = self._compiled_by_dialect.get(dialect.name)
        if compiled_form is None:
            compiled_form = self._compiled_by_dialect[dialect.name] = _Compiled(
                self._statement, dialect
            )
        return compiled_form


class _Compiled:
    """The statement in the words of one database."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = compiled.string
        self._by_place = compiled.positiontup is not None
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
        columns = statement.selected_columns if isinstance(statement, Select) else ()
        for place, column in enumerate(columns):
            kind = column.type.dialect_impl(dialect)
            if convert := kind.result_processor(dialect, None):
                self._converters.append((place, convert))

    def run(self, sql: Sql, values: Values) -> Any:
        """Return the cursor once the statement has run."""
        return sql.run(self.text, self.row(values))

    def row(self, values: Values) -> Any:
        """Return the values as the driver takes them, by place or by name."""
        parameters = {**self._constants, **values} if self._constants else values
        if self._by_place:
            return [
                convert(parameters[n]) if convert else parameters[n]
                for n, convert in self._parameters
            ]
        return {
            n: convert(parameters[n]) if convert else parameters[n]
            for n, convert in self._parameters
        }

    def read(self, row: Sequence[Any]) -> list[Any]:
        """Return a row of the driver's as Python values."""
        values = list(row)
        for place, convert in self._converters:
            values[place] = convert(values[place])
        return values
