"""Statements that are compiled once and run on the driver itself.

Law: SQLAlchemy says what a statement and its values look like in each database;
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
    Turn = Callable[[Any], Any]  # one value, to or from what the driver takes
    Values = Mapping[str, object]


NOTHING: Final[Values] = {}


class Prepared:
    """A statement whose values come in by name, but for those that it says itself.

    It is safe to use from many threads.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._forms: dict[str, _Form] = {}

    def rows(self, sql: Sql, values: Values = NOTHING) -> list[list[Any]]:
        """Return the rows that a query finds, as Python values."""
        form = self._form(sql.dialect)
        return [form.read(row) for row in form.run(sql, values).fetchall()]

    def count(self, sql: Sql, values: Values = NOTHING) -> int:
        """Return how many rows the statement has written."""
        written: int = self._form(sql.dialect).run(sql, values).rowcount
        return written

    def each(self, sql: Sql, rows: Iterable[Values]) -> None:
        """Run the statement once for each row of values."""
        form = self._form(sql.dialect)
        sql.run_many(form.text, [form.row(values) for values in rows])

    def _form(self, dialect: Dialect) -> _Form:
        """Return the form that every store of this kind of database shares."""
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _Form(self._statement, dialect)
        return form


class _Form:
    """The statement in the words of one database."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = compiled.string
        self._by_place = compiled.positiontup is not None
        self._said = {
            name: bind.value
            for name, bind in compiled.binds.items()
            if not bind.required
        }
        turns = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        }
        names = compiled.positiontup or list(turns)
        self._takes: list[tuple[str, Turn | None]] = [(n, turns[n]) for n in names]
        self._out: list[tuple[int, Turn]] = []
        columns = statement.selected_columns if isinstance(statement, Select) else ()
        for place, column in enumerate(columns):
            kind = column.type.dialect_impl(dialect)
            if turn := kind.result_processor(dialect, None):
                self._out.append((place, turn))

    def run(self, sql: Sql, values: Values) -> Any:
        """Return the cursor once the statement has run."""
        return sql.run(self.text, self.row(values))

    def row(self, values: Values) -> Any:
        """Return the values as the driver takes them, by place or by name."""
        given = {**self._said, **values} if self._said else values
        if self._by_place:
            return [turn(given[n]) if turn else given[n] for n, turn in self._takes]
        return {n: turn(given[n]) if turn else given[n] for n, turn in self._takes}

    def read(self, row: Sequence[Any]) -> list[Any]:
        """Return a row of the driver's as Python values."""
        values = list(row)
        for place, turn in self._out:
            values[place] = turn(values[place])
        return values
