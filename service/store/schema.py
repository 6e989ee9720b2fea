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

import sqlalchemy as sa

from service.store.database import Instant, has_names

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def texts(*names: str, optional: bool = False) -> tuple[sa.Column[str], ...]:
    """Return columns for texts."""
    return tuple(sa.Column(name, sa.Text, nullable=optional) for name in names)


def instants(*names: str, optional: bool = False) -> tuple[sa.Column[datetime], ...]:
    """Return columns for instants."""
    return tuple(sa.Column(name, Instant(), nullable=optional) for name in names)


def _flags(*names: str) -> tuple[sa.Column[bool], ...]:
    return tuple(sa.Column(name, sa.Boolean, nullable=False) for name in names)


def _numbers(*names: str) -> tuple[sa.Column[int], ...]:
    """Return columns for numbers that are mostly 0."""
    return tuple(
        sa.Column(name, sa.Integer, nullable=False, server_default="0")
        for name in names
    )


MARGIN: Final = (
    "margin_before_hours",
    "margin_before_minutes",
    "margin_after_hours",
    "margin_after_minutes",
)
"""The columns of a margin, as `margin_of` takes them."""


def _names(name: str) -> sa.Column[list[str]]:
    """Return a column for a list of names, which is mostly empty."""
    return sa.Column(name, sa.JSON, nullable=False, server_default="[]")


def _recurring() -> tuple[sa.Column[str] | sa.Column[int], ...]:
    """Return the columns of a `RecurringKey`."""
    return *texts("recurring", optional=True), *_numbers("grace_minutes")


def _returning() -> tuple[sa.Column[int] | sa.Column[bool], ...]:
    """Return the columns of `Returning`, a rule's terms for giving keys back."""
    report = sa.Column(
        "report_returns", sa.Boolean, nullable=False, server_default=sa.false()
    )
    return *_numbers("return_grace_minutes", "overdue_after_minutes"), report


def _owner(name: str = "connection_id") -> sa.Column[str]:
    key = sa.ForeignKey("connections.id", ondelete="CASCADE")
    return sa.Column(name, sa.Text, key, nullable=False)


canary = sa.Table(
    "canary",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *texts("sealed_text"),
)
"""Row 1 opens with the secret key of this database alone; row 2 holds, sealed, the key
of fingerprints, which stays when the secret key is changed."""

CONNECTION_MARGINS: Final = ("margin_before_hours", "margin_after_hours")

connections = sa.Table(
    "connections",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    *texts("key", "vendor", "name", "timezone", "account"),
    *_flags("linked", "active"),
    *instants("terms_accepted_at", optional=True),
    *texts("owner_email", "manager_email", "country", optional=True),
    *instants("refused_at", "refusal_told_at", optional=True),
    *texts("sealed_signing_secret"),
    *texts("sealed_old_secret", optional=True),
    *instants("old_secret_until", optional=True),
    *texts("sealed_credentials"),
    *instants("created_at"),
    *_numbers(*CONNECTION_MARGINS),
    sa.UniqueConstraint("key"),
)

locks = sa.Table(
    "locks",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _owner(),
    *texts("vendor_id", "name", "kind", "timezone"),
    *_flags("usable"),
    *texts("unusable_reason", "warning", optional=True),
    sa.Column("battery", sa.Integer),
    _names("troubles"),
    sa.Column("other_refs", sa.JSON),
    *texts("sealed_return_code", optional=True),
    *instants("seen_at"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    *instants("due_at", optional=True),
    *texts("lease", optional=True),
    sa.UniqueConstraint("connection_id", "vendor_id"),
    sa.Index(None, "vendor_id"),
)

rules = sa.Table(
    "rules",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _owner(),
    *texts("resource"),
    sa.Column("locks", sa.JSON, nullable=False),
    *texts("trigger", "channel"),
    sa.Column("send_hours_before", sa.Integer),
    sa.Column("margin_before_hours", sa.Integer, nullable=False),
    sa.Column("margin_after_hours", sa.Integer, nullable=False),
    *_flags("copy_to_owner"),
    *_recurring(),
    *_numbers("margin_before_minutes", "margin_after_minutes"),
    *_returning(),
    sa.Column("remake_codes", sa.Boolean, nullable=False, server_default=sa.false()),
    _names("options"),
    sa.Index(None, "connection_id", "resource"),
)

templates = sa.Table(
    "templates",
    metadata,
    _owner(),
    *texts("channel", "language", "subject", "body"),
    sa.PrimaryKeyConstraint("connection_id", "channel", "language"),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _owner(),
    *texts("event_id", "type"),
    *texts("booking_ref", optional=True),
    *texts("content", "status"),
    *texts("reason", optional=True),
    *instants("occurred_at", "received_at"),
    sa.UniqueConstraint("connection_id", "event_id"),
)

bookings = sa.Table(
    "bookings",
    metadata,
    _owner(),
    *texts("ref", "resource"),
    *instants("start_at", "end_at"),
    sa.Column("customer", sa.JSON, nullable=False),
    sa.Column("named", sa.JSON, nullable=False),
    sa.Column("weekdays", sa.JSON, nullable=False, server_default="[]"),
    *instants("occurred_at"),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("triggers", sa.JSON, nullable=False),
    *instants("cancelled_at", "confirmed_at", "changed_at", "due_at", optional=True),
    sa.PrimaryKeyConstraint("connection_id", "ref"),
    sa.Index(None, "end_at"),
    sa.Index(None, "ref"),
)

accesses = sa.Table(
    "accesses",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _owner(),
    *texts("booking_ref", "resource", optional=True),
    sa.Column(
        "lock_id",
        sa.Text,
        sa.ForeignKey("locks.id", ondelete="CASCADE"),
        nullable=False,
    ),
    *texts("vendor", "name"),
    *_flags("by_hand", "wanted"),
    *texts("status"),
    *texts("reason", "notice", optional=True),
    *instants("start_at"),
    *instants("end_at", optional=True),
    sa.Column("margin_before_hours", sa.Integer, nullable=False),
    sa.Column("margin_after_hours", sa.Integer, nullable=False),
    *instants("planned_at"),
    *texts("kind", optional=True),
    *instants(
        "valid_from",
        "valid_until",
        "first_use_by",
        "made_from",
        "made_until",
        optional=True,
    ),
    sa.Column("variant", sa.Integer),
    *_flags("answer_lost"),
    *texts(
        "sealed_pin", "pin_fingerprint", "ref", "link", "vendor_place", optional=True
    ),
    *instants("ordered_at", "asked_at"),
    *instants("created_at", "cancelled_at", "works_until", optional=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    *_numbers("polls", "unseen", "widened"),
    *instants("due_at", optional=True),
    *texts("lease", optional=True),
    *_recurring(),
    *texts("key_fingerprint", optional=True),
    *_numbers("margin_before_minutes", "margin_after_minutes"),
    _names("extra_lock_ids"),
    _names("options"),
    sa.ForeignKeyConstraint(
        ["connection_id", "booking_ref"],
        ["bookings.connection_id", "bookings.ref"],
        ondelete="CASCADE",
    ),
    sa.Index(None, "connection_id", "booking_ref"),
    sa.Index(None, "connection_id", "id"),
    sa.Index(None, "lock_id", "valid_from"),
    sa.Index(None, "lock_id", "pin_fingerprint"),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _owner(),
    *texts("booking_ref", optional=True),
    sa.Column("access_id", sa.Text, sa.ForeignKey("accesses.id", ondelete="CASCADE")),
    sa.Column("lock_id", sa.Text, sa.ForeignKey("locks.id", ondelete="CASCADE")),
    *texts("rule_id"),
    sa.Column("kind", sa.Text, nullable=False, server_default="code"),
    *texts("reader", "channel"),
    *texts("language", "recipient", optional=True),
    sa.Column("access_ids", sa.JSON, nullable=False),
    *texts("fingerprint", "status"),
    *texts("reason", optional=True),
    *instants("created_at", "send_at"),
    *instants("sent_at", optional=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    *instants("due_at", optional=True),
    *texts("lease", optional=True),
    sa.ForeignKeyConstraint(
        ["connection_id", "booking_ref"],
        ["bookings.connection_id", "bookings.ref"],
        ondelete="CASCADE",
    ),
    sa.Index(None, "connection_id", "booking_ref"),
)

keys = sa.Table(
    "keys",
    metadata,
    sa.Column(
        "id", sa.Text, sa.ForeignKey("locks.id", ondelete="CASCADE"), primary_key=True
    ),
    _owner(),
    sa.Column("inside", sa.Boolean),
    sa.Column("slot", sa.Integer),
    *instants("since", optional=True),
    *texts("holder", "booking_ref", optional=True),
    *instants("returned_at", optional=True),
    *texts("returned_by", "warning", "reason", optional=True),
    *instants("seen_at", optional=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    *instants("due_at", optional=True),
    *texts("lease", optional=True),
)


clock = sa.Table(
    "clock",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *instants("seen_at"),
)


@cache
def with_indexes() -> sa.MetaData:
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
