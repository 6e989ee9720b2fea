"""Statements that are compiled once and run on the driver itself.

Law: SQLAlchemy says what a statement and its values look like in each database;
running it is left to the driver. That is a small part of the cost of handing the
statement over each time, and all that the service does is made of such statements.
Errors are SQLAlchemy's all the same, without the statement's values.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol
from typing import cast

from sqlalchemy import Select
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from sqlalchemy import Connection
    from sqlalchemy import Delete
    from sqlalchemy import Insert
    from sqlalchemy import Update
    from sqlalchemy.engine import Dialect
    from sqlalchemy.engine.interfaces import DBAPICursor

    Statement = Select[Any] | Insert | Update | Delete  # whatever its columns
    Turn = Callable[[Any], Any]  # one value, to or from what the driver takes
    Values = Mapping[str, object]


class Prepared:
    """A statement whose values come in by name, but for those that it says itself.

    It is safe to use from many threads.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._form = cache(self._compiled)

    def rows(self, sql: Connection, values: Values) -> list[list[Any]]:
        """Return the rows that a query finds, as Python values."""
        form = self._form(sql.dialect)
        return [form.read(row) for row in form.run(sql, values).fetchall()]

    def count(self, sql: Connection, values: Values) -> int:
        """Return how many rows the statement has written."""
        return self._form(sql.dialect).run(sql, values).rowcount

    def _compiled(self, dialect: Dialect) -> _Form:
        return _Form(self._statement, dialect)


class _Driver(Protocol):
    """What the drivers have in common."""

    def execute(self, text: str, values: object) -> DBAPICursor: ...


class _Form:
    """The statement in the words of one database."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._text = compiled.string
        self._positions: Sequence[str] | None = compiled.positiontup
        self._said = {n: v for n, v in compiled.params.items() if v is not None}
        self._in = {
            name: turn
            for name, bind in compiled.binds.items()
            if (turn := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        self._out: list[tuple[int, Turn]] = []
        columns = statement.selected_columns if isinstance(statement, Select) else ()
        for place, column in enumerate(columns):
            kind = column.type.dialect_impl(dialect)
            if turn := kind.result_processor(dialect, None):
                self._out.append((place, turn))

    def run(self, sql: Connection, values: Values) -> DBAPICursor:
        """Return the cursor once the statement has run."""
        given = {**self._said, **values}
        for name, turn in self._in.items():
            given[name] = turn(given[name])
        order = self._positions
        driver = cast("_Driver", sql.connection.driver_connection)
        try:
            return driver.execute(
                self._text, given if order is None else [given[name] for name in order]
            )
        except sql.dialect.loaded_dbapi.Error as error:
            raise _told(error, sql.dialect) from None

    def read(self, row: Sequence[Any]) -> list[Any]:
        """Return a row of the driver's as Python values."""
        values = list(row)
        for place, turn in self._out:
            values[place] = turn(values[place])
        return values


def _told(error: Exception, dialect: Dialect) -> BaseException:
    """Return the driver's error as SQLAlchemy would have raised it."""
    return DBAPIError.instance(
        None,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        dialect=dialect,
    )
