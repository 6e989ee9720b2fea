"""The schema: all tables and their indexes. `migrations/` creates them.

Most tables are declared by their records; here are the others, and the indexes with a
condition.

Invariants: the stored state is the queue. A row with work to do has `due_at`; NULL
means none. A process that takes the work writes its `lease` and moves `due_at` to the
end of the lease, so work whose process dies comes due again by itself. Columns named
`sealed_*` hold what the vault sealed; no other column holds a secret. A statement that
runs often finds its rows by an index, so its cost does not grow with what is stored.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from service.store.accesses import Access
from service.store.audit import Entry
from service.store.bookings import StoredBooking, StoredEvent
from service.store.connections import Connection
from service.store.database import Instant, has_names
from service.store.keys import StoredKey
from service.store.locks import Lock
from service.store.messages import Message, StoredTemplate
from service.store.rules import StoredRule
from service.store.tables import TABLES, metadata
from service.store.tokens import Token
from service.store.users import Session
from service.store.vendor_tokens import VendorToken

canary = sa.Table(
    "canary",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sealed_text", sa.Text, nullable=False),
)
"""Row 1 opens with the secret key of this database alone; row 2 holds, sealed, the key
of fingerprints, which stays when the secret key is changed."""

clock = sa.Table(
    "clock",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seen_at", Instant(), nullable=False),
)

accesses = TABLES[Access]
api_tokens = TABLES[Token]
audit = TABLES[Entry]
bookings = TABLES[StoredBooking]
connections = TABLES[Connection]
events = TABLES[StoredEvent]
keys = TABLES[StoredKey]
locks = TABLES[Lock]
messages = TABLES[Message]
rules = TABLES[StoredRule]
sessions = TABLES[Session]
templates = TABLES[StoredTemplate]
vendor_tokens = TABLES[VendorToken]


@cache
def with_indexes() -> sa.MetaData:
    """Return the metadata once it has its partial indexes, as a migration needs it.

    They are added here and not on import, since each loads the dialects of both
    databases, which a process that starts on a migrated database does not need.
    """
    for queue in (bookings, accesses, messages, keys, locks):
        row = queue.c
        waits = row.due_at.is_not(None)
        _partial(f"ix_{queue.name}_due", row.due_at, row.connection_id, where=waits)
    for queue in (accesses, messages, keys, locks):
        row = queue.c
        _partial(f"ix_{queue.name}_held", row.due_at, where=row.lease.is_not(None))
    for about in (messages.c.access_id, messages.c.lock_id):
        _partial(f"ix_messages_{about.name}", about, where=about.is_not(None))
    of_nobody = messages.c.booking_ref.is_(None) & messages.c.access_id.is_(None)
    _partial("ix_messages_notices", messages.c.created_at, where=of_nobody)
    for table in (accesses, messages):
        failed = table.c.status == sa.literal_column("'failed'")
        _partial(f"ix_{table.name}_failed", table.c.id, where=failed)
    _index_accesses()
    sa.Index("ix_events_received_at", events.c.received_at)
    return metadata


def _index_accesses() -> None:
    row = accesses.c
    of_several = has_names(row.extra_lock_ids)
    _partial("ix_accesses_extra_locks", row.connection_id, where=of_several)
    made = row.created_at.is_not(None)
    _partial("ix_accesses_hold_periods", row.lock_id, row.valid_until, where=made)
    # SQLite takes this index only where a query says `by_hand = 1`, as SQLAlchemy does
    _partial("ix_accesses_by_hand", row.ordered_at, where=row.by_hand == sa.true())
    _partial(
        "uq_accesses_one_wanted",
        row.connection_id,
        row.booking_ref,
        row.lock_id,
        where=row.wanted & row.booking_ref.is_not(None),
        unique=True,
    )


def _partial(
    name: str,
    *columns: sa.Column[Any],
    where: sa.ColumnElement[bool],
    unique: bool = False,
) -> None:
    sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
