"""The schema: all tables and their indexes. `migrations/` creates them.

Invariants: the stored state is the queue. A row with work to do has `due_at`; NULL
means none. A process that takes the work writes its `lease` and moves `due_at` to the
end of the lease, so work whose process dies comes due again by itself. Columns named
`sealed_*` hold what the vault sealed; no other column holds a secret. A statement that
runs often finds its rows by an index, so its cost does not grow with what is stored.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    true,
)

from service.store.database import Instant, has_names

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def text_column(name: str, *, optional: bool = False) -> Column[str]:
    """Return a column for texts."""
    return Column(name, Text, nullable=optional)


def instant_column(name: str, *, optional: bool = False) -> Column[datetime]:
    """Return a column for instants."""
    return Column(name, Instant(), nullable=optional)


def _numbers(*names: str) -> tuple[Column[int], ...]:
    """Return columns for numbers that are mostly 0."""
    return tuple(
        Column(name, Integer, nullable=False, server_default="0") for name in names
    )


MARGIN: Final = ("margin_before_minutes", "margin_after_minutes")
"""The columns for a margin's minutes; its hours have others."""


def _names(name: str) -> Column[list[str]]:
    """Return a column for a list of names, which is mostly empty."""
    return Column(name, JSON, nullable=False, server_default="[]")


def _recurring() -> tuple[Column[str] | Column[int], ...]:
    """Return the columns of a `RecurringKey`."""
    return text_column("recurring", optional=True), *_numbers("grace_minutes")


def _returning() -> tuple[Column[int] | Column[bool], ...]:
    """Return the columns of `Returning`, a rule's terms for giving keys back."""
    report = Column("report_returns", Boolean, nullable=False, server_default=false())
    return *_numbers("return_grace_minutes", "overdue_after_minutes"), report


def _owner(name: str = "connection_id") -> Column[str]:
    key = ForeignKey("connections.id", ondelete="CASCADE")
    return Column(name, Text, key, nullable=False)


canary = Table(
    "canary",
    metadata,
    Column("id", Integer, primary_key=True),
    text_column("sealed_text"),
)
"""Row 1 opens with the secret key of this database alone; row 2 holds, sealed, the key
of fingerprints, which stays when the secret key is changed."""

connections = Table(
    "connections",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("key"),
    text_column("vendor"),
    text_column("name"),
    text_column("timezone"),
    text_column("account"),
    Column("linked", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    instant_column("terms_accepted_at", optional=True),
    text_column("owner_email", optional=True),
    text_column("manager_email", optional=True),
    text_column("country", optional=True),
    instant_column("refused_at", optional=True),
    instant_column("refusal_told_at", optional=True),
    text_column("sealed_signing_secret"),
    text_column("sealed_old_secret", optional=True),
    instant_column("old_secret_until", optional=True),
    text_column("sealed_credentials"),
    instant_column("created_at"),
    UniqueConstraint("key"),
)

locks = Table(
    "locks",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
    text_column("vendor_id"),
    text_column("name"),
    text_column("kind"),
    text_column("timezone"),
    Column("usable", Boolean, nullable=False),
    text_column("unusable_reason", optional=True),
    text_column("warning", optional=True),
    Column("battery", Integer),
    _names("troubles"),
    Column("other_refs", JSON),
    text_column("sealed_return_code", optional=True),
    instant_column("seen_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant_column("due_at", optional=True),
    text_column("lease", optional=True),
    UniqueConstraint("connection_id", "vendor_id"),
    Index(None, "vendor_id"),
)

rules = Table(
    "rules",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
    text_column("resource"),
    Column("locks", JSON, nullable=False),
    text_column("trigger"),
    text_column("channel"),
    Column("send_hours_before", Integer),
    Column("margin_before_hours", Integer, nullable=False),
    Column("margin_after_hours", Integer, nullable=False),
    Column("copy_to_owner", Boolean, nullable=False),
    *_recurring(),
    *_numbers(*MARGIN),
    *_returning(),
    Column("remake_codes", Boolean, nullable=False, server_default=false()),
    _names("options"),
    Index(None, "connection_id", "resource"),
)

templates = Table(
    "templates",
    metadata,
    _owner(),
    text_column("channel"),
    text_column("language"),
    text_column("subject"),
    text_column("body"),
    PrimaryKeyConstraint("connection_id", "channel", "language"),
)

events = Table(
    "events",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
    text_column("event_id"),
    text_column("type"),
    text_column("booking_ref", optional=True),
    text_column("content"),
    text_column("status"),
    text_column("reason", optional=True),
    instant_column("occurred_at"),
    instant_column("received_at"),
    UniqueConstraint("connection_id", "event_id"),
)

bookings = Table(
    "bookings",
    metadata,
    _owner(),
    text_column("ref"),
    text_column("resource"),
    instant_column("start_at"),
    instant_column("end_at"),
    Column("customer", JSON, nullable=False),
    Column("named", JSON, nullable=False),
    Column("weekdays", JSON, nullable=False, server_default="[]"),
    instant_column("occurred_at"),
    Column("rank", Integer, nullable=False),
    Column("triggers", JSON, nullable=False),
    instant_column("cancelled_at", optional=True),
    instant_column("confirmed_at", optional=True),
    instant_column("changed_at", optional=True),
    instant_column("due_at", optional=True),
    PrimaryKeyConstraint("connection_id", "ref"),
    Index(None, "end_at"),
    Index(None, "ref"),
)

accesses = Table(
    "accesses",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
    text_column("booking_ref", optional=True),
    text_column("resource", optional=True),
    Column("lock_id", Text, ForeignKey("locks.id", ondelete="CASCADE"), nullable=False),
    text_column("vendor"),
    text_column("name"),
    Column("by_hand", Boolean, nullable=False),
    Column("wanted", Boolean, nullable=False),
    text_column("status"),
    text_column("reason", optional=True),
    text_column("notice", optional=True),
    instant_column("start_at"),
    instant_column("end_at", optional=True),
    Column("margin_before_hours", Integer, nullable=False),
    Column("margin_after_hours", Integer, nullable=False),
    instant_column("planned_at"),
    text_column("kind", optional=True),
    instant_column("valid_from", optional=True),
    instant_column("valid_until", optional=True),
    instant_column("first_use_by", optional=True),
    instant_column("made_from", optional=True),
    instant_column("made_until", optional=True),
    Column("variant", Integer),
    Column("answer_lost", Boolean, nullable=False),
    text_column("sealed_pin", optional=True),
    text_column("pin_fingerprint", optional=True),
    text_column("ref", optional=True),
    text_column("link", optional=True),
    text_column("vendor_place", optional=True),
    instant_column("ordered_at"),
    instant_column("asked_at"),
    instant_column("created_at", optional=True),
    instant_column("cancelled_at", optional=True),
    instant_column("works_until", optional=True),
    Column("attempts", Integer, nullable=False),
    *_numbers("polls", "unseen", "widened"),
    instant_column("due_at", optional=True),
    text_column("lease", optional=True),
    *_recurring(),
    text_column("key_fingerprint", optional=True),
    *_numbers(*MARGIN),
    _names("extra_lock_ids"),
    _names("options"),
    ForeignKeyConstraint(
        ["connection_id", "booking_ref"],
        ["bookings.connection_id", "bookings.ref"],
        ondelete="CASCADE",
    ),
    Index(None, "connection_id", "booking_ref"),
    Index(None, "lock_id", "valid_from"),
    Index(None, "lock_id", "pin_fingerprint"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    _owner(),
    text_column("booking_ref", optional=True),
    Column("access_id", Text, ForeignKey("accesses.id", ondelete="CASCADE")),
    Column("lock_id", Text, ForeignKey("locks.id", ondelete="CASCADE")),
    text_column("rule_id"),
    Column("kind", Text, nullable=False, server_default="code"),
    text_column("reader"),
    text_column("channel"),
    text_column("language", optional=True),
    text_column("recipient", optional=True),
    Column("access_ids", JSON, nullable=False),
    text_column("fingerprint"),
    text_column("status"),
    text_column("reason", optional=True),
    instant_column("created_at"),
    instant_column("send_at"),
    instant_column("sent_at", optional=True),
    Column("attempts", Integer, nullable=False),
    instant_column("due_at", optional=True),
    text_column("lease", optional=True),
    ForeignKeyConstraint(
        ["connection_id", "booking_ref"],
        ["bookings.connection_id", "bookings.ref"],
        ondelete="CASCADE",
    ),
    Index(None, "connection_id", "booking_ref"),
)

keys = Table(
    "keys",
    metadata,
    Column("id", Text, ForeignKey("locks.id", ondelete="CASCADE"), primary_key=True),
    _owner(),
    Column("inside", Boolean),
    Column("slot", Integer),
    instant_column("since", optional=True),
    text_column("holder", optional=True),
    text_column("booking_ref", optional=True),
    instant_column("returned_at", optional=True),
    text_column("returned_by", optional=True),
    text_column("warning", optional=True),
    text_column("reason", optional=True),
    instant_column("seen_at", optional=True),
    Column("attempts", Integer, nullable=False),
    instant_column("due_at", optional=True),
    text_column("lease", optional=True),
)


clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True),
    instant_column("seen_at"),
)


@cache
def with_indexes() -> MetaData:
    """Return the metadata once it has its partial indexes, as a migration needs it.

    They are added here and not on import, since each loads the dialects of both
    databases, which a process that starts on a migrated database does not need.
    """
    from service.store import schema_of_callers  # noqa: F401, PLC0415 (adds tables)

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
        failed = table.c.status == literal_column("'failed'")
        _partial(f"ix_{table.name}_failed", table.c.id, where=failed)
    _index_accesses()
    Index("ix_events_received_at", events.c.received_at)
    return metadata


def _index_accesses() -> None:
    row = accesses.c
    of_several = has_names(row.extra_lock_ids)
    _partial("ix_accesses_extra_locks", row.connection_id, where=of_several)
    made = row.created_at.is_not(None)
    _partial("ix_accesses_hold_periods", row.lock_id, row.valid_until, where=made)
    # SQLite takes this index only where a query says `by_hand = 1`, as SQLAlchemy does
    _partial("ix_accesses_by_hand", row.ordered_at, where=row.by_hand == true())
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
    *columns: Column[Any],
    where: ColumnElement[bool],
    unique: bool = False,
) -> None:
    Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
