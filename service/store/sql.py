"""A connection of the driver's own, and the dialect of SQL that it understands.

Invariants: SQLAlchemy keeps the connections and says what a statement looks like;
whatever runs, runs on the driver, and every transaction begins and ends by a word from
here. Errors are SQLAlchemy's all the same, without the statement's values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Dialect


@dataclass(frozen=True, slots=True)
class Sql:
    """Runs words of SQL; `driver` is the connection of sqlite3 or psycopg."""

    driver: Any  # what both have in common has no type
    dialect: Dialect

    def run(self, statement: str, values: object = ()) -> Any:
        """Return the driver's cursor; an error is SQLAlchemy's."""
        try:
            return self.driver.execute(statement, values)
        except self.dialect.loaded_dbapi.Error as error:
            raise self._wrapped(error) from None

    def run_many(self, statement: str, rows: Sequence[object]) -> None:
        """Run the words once for each row of values."""
        try:
            self.driver.cursor().executemany(statement, rows)
        except self.dialect.loaded_dbapi.Error as error:
            raise self._wrapped(error) from None

    def _wrapped(self, error: Exception) -> BaseException:
        return DBAPIError.instance(
            None,
            None,
            error,
            self.dialect.loaded_dbapi.Error,
            hide_parameters=True,
            dialect=self.dialect,
        )
