"""Sealing anew what an older secret key sealed, while processes go on with both keys.

Invariants: it may be stopped and run again at any time. A secret that changes meanwhile
stays as its writer sealed it, which is with the newest key.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Final

import sqlalchemy as sa

from service.store import tables
from service.store.database import Tx
from service.store.store import Store
from service.store.table_gateway import Prepared

SEALED: Final = "sealed_"
AT_ONCE: Final = 200
"""How many secrets one transaction stores at most, so that nobody waits long."""


def reseal(store: Store) -> int:
    """Return how many secrets were sealed with another key than the newest."""
    return sum(
        _reseal(store, table, column)
        for table in tables.metadata.sorted_tables
        for column in table.c
        if column.name.startswith(SEALED)
    )


def _reseal(store: Store, table: sa.Table, column: sa.Column[str]) -> int:
    """Replace each text of the column that the newest key does not open."""
    key = list(table.primary_key)
    query = Prepared(sa.select(*key, column).where(column.is_not(None)))
    names = [f"the_{each.name}" for each in key] + ["old"]
    same = [each == sa.bindparam(f"the_{each.name}") for each in key]
    change = Prepared(
        sa.update(table)
        .where(*same, column == sa.bindparam("old"))
        .values({column.name: sa.bindparam("new")})
    )
    found = store.read(lambda tx: query.rows(tx.sql))
    rows = (dict(zip(names, row, strict=True)) for row in found)
    changes = _changes(store, rows)
    done = 0
    while some := list(islice(changes, AT_ONCE)):
        store.write(partial(_store, change, some))
        done += len(some)
    return done


def _store(change: Prepared, some: list[dict[str, object]], tx: Tx) -> None:
    change.each(tx.sql, some)


def _changes(
    store: Store, rows: Iterator[dict[str, object]]
) -> Iterator[dict[str, object]]:
    for row in rows:
        new = store.vault.resealed(str(row["old"]))
        if new is not None:
            yield {**row, "new": new}
