"""A transaction under way, as the store hands it to the work it runs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.store.sql import Sql
    from service.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Tx:
    """Where to send SQL, and the vault for what is sealed."""

    sql: Sql
    vault: Vault

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what is done meanwhile, and nothing else, if it raises."""
        self.sql.run("SAVEPOINT apart")
        try:
            yield
        except BaseException:
            self.sql.run("ROLLBACK TO SAVEPOINT apart")
            raise
        finally:
            self.sql.run("RELEASE SAVEPOINT apart")
