"""The first form of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op

from service.store.columns import Instant

if TYPE_CHECKING:
    from datetime import datetime

revision = "0001"
down_revision = None


TABLES = (
    "connections",
    "locks",
    "rules",
    "templates",
    "events",
    "bookings",
    "accesses",
    "messages",
)


def upgrade() -> None:
    """Make every table."""
    _connections()
    _locks()
    _rules()
    _templates()
    _events()
    _bookings()
    _accesses()
    _messages()


def downgrade() -> None:
    """Drop every table."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _text(name: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional)


def _integer(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=optional)


def _truth(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _json(name: str) -> sa.Column[Any]:  # any JSON value
    return sa.Column(name, sa.JSON(), nullable=False)


def _instant(name: str, *, optional: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Instant(), nullable=optional)


def _within(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name, ondelete="CASCADE")


def _about_a_booking(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["connection_id", "booking_ref"],
        ["bookings.connection_id", "bookings.ref"],
        f"fk_{table}_bookings",
        ondelete="CASCADE",
    )


def _due_index(table: str) -> None:
    due = sa.text("due_at IS NOT NULL")
    op.create_index(
        f"ix_{table}_due",
        table,
        ["due_at", "connection_id"],
        sqlite_where=due,
        postgresql_where=due,
    )


def _connections() -> None:
    op.create_table(
        "connections",
        _text("id"),
        _text("key"),
        _text("vendor"),
        _text("name"),
        _text("timezone"),
        _text("account"),
        _truth("linked"),
        _truth("active"),
        _instant("terms_accepted_at", optional=True),
        _text("owner_email", optional=True),
        _text("sealed_signing_secret"),
        _text("sealed_credentials"),
        _instant("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_connections"),
        sa.UniqueConstraint("key", name="uq_connections_key"),
    )


def _locks() -> None:
    op.create_table(
        "locks",
        _text("id"),
        _text("connection_id"),
        _text("vendor_id"),
        _text("name"),
        _text("kind"),
        _text("timezone"),
        _truth("usable"),
        _text("unusable_reason", optional=True),
        _text("warning", optional=True),
        _integer("battery", optional=True),
        _instant("seen_at"),
        _within("locks", "connection_id", "connections"),
        sa.PrimaryKeyConstraint("id", name="pk_locks"),
        sa.UniqueConstraint(
            "connection_id", "vendor_id", name="uq_locks_connection_id_vendor_id"
        ),
    )


def _rules() -> None:
    op.create_table(
        "rules",
        _text("id"),
        _text("connection_id"),
        _text("resource"),
        _json("locks"),
        _text("trigger"),
        _text("channel"),
        _integer("send_hours_before", optional=True),
        _integer("margin_before_hours"),
        _integer("margin_after_hours"),
        _truth("copy_to_owner"),
        _within("rules", "connection_id", "connections"),
        sa.PrimaryKeyConstraint("id", name="pk_rules"),
    )
    op.create_index(
        "ix_rules_connection_id_resource", "rules", ["connection_id", "resource"]
    )


def _templates() -> None:
    op.create_table(
        "templates",
        _text("connection_id"),
        _text("channel"),
        _text("language"),
        _text("subject"),
        _text("body"),
        _within("templates", "connection_id", "connections"),
        sa.PrimaryKeyConstraint(
            "connection_id", "channel", "language", name="pk_templates"
        ),
    )


def _events() -> None:
    op.create_table(
        "events",
        _text("id"),
        _text("connection_id"),
        _text("event_id"),
        _text("type"),
        _text("booking_ref", optional=True),
        _text("content"),
        _text("status"),
        _text("reason", optional=True),
        _instant("occurred_at"),
        _instant("received_at"),
        _within("events", "connection_id", "connections"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint(
            "connection_id", "event_id", name="uq_events_connection_id_event_id"
        ),
    )


def _bookings() -> None:
    op.create_table(
        "bookings",
        _text("connection_id"),
        _text("ref"),
        _text("resource"),
        _instant("start_at"),
        _instant("end_at"),
        _json("customer"),
        _instant("occurred_at"),
        _text("event_id"),
        _json("triggers"),
        _instant("cancelled_at", optional=True),
        _instant("due_at", optional=True),
        _within("bookings", "connection_id", "connections"),
        sa.PrimaryKeyConstraint("connection_id", "ref", name="pk_bookings"),
    )
    _due_index("bookings")
    op.create_index("ix_bookings_end_at", "bookings", ["end_at"])


def _accesses() -> None:
    op.create_table(
        "accesses",
        _text("id"),
        _text("connection_id"),
        _text("booking_ref", optional=True),
        _text("resource", optional=True),
        _text("lock_id"),
        _text("vendor"),
        _text("name"),
        _truth("by_hand"),
        _truth("wanted"),
        _text("status"),
        _text("reason", optional=True),
        _text("notice", optional=True),
        _instant("start_at"),
        _instant("end_at", optional=True),
        _integer("margin_before_hours"),
        _integer("margin_after_hours"),
        _instant("planned_at"),
        _text("kind", optional=True),
        _instant("valid_from", optional=True),
        _instant("valid_until", optional=True),
        _instant("first_use_by", optional=True),
        _integer("variant", optional=True),
        _truth("answer_lost"),
        _text("sealed_pin", optional=True),
        _text("pin_mark", optional=True),
        _text("ref", optional=True),
        _text("link", optional=True),
        _text("vendor_place", optional=True),
        _instant("ordered_at"),
        _instant("created_at", optional=True),
        _instant("cancelled_at", optional=True),
        _instant("works_until", optional=True),
        _integer("attempts"),
        _instant("due_at", optional=True),
        _text("lease", optional=True),
        _about_a_booking("accesses"),
        _within("accesses", "connection_id", "connections"),
        _within("accesses", "lock_id", "locks"),
        sa.PrimaryKeyConstraint("id", name="pk_accesses"),
    )
    op.create_index(
        "ix_accesses_connection_id_booking_ref",
        "accesses",
        ["connection_id", "booking_ref"],
    )
    _due_index("accesses")
    op.create_index(
        "ix_accesses_lock_id_valid_from", "accesses", ["lock_id", "valid_from"]
    )
    op.create_index("ix_accesses_lock_id_pin_mark", "accesses", ["lock_id", "pin_mark"])
    wanted = sa.text("wanted AND booking_ref IS NOT NULL")
    op.create_index(
        "uq_accesses_one_wanted",
        "accesses",
        ["connection_id", "booking_ref", "lock_id"],
        unique=True,
        sqlite_where=wanted,
        postgresql_where=wanted,
    )


def _messages() -> None:
    op.create_table(
        "messages",
        _text("id"),
        _text("connection_id"),
        _text("booking_ref"),
        _text("rule_id"),
        _text("reader"),
        _text("channel"),
        _text("language", optional=True),
        _text("recipient", optional=True),
        _json("access_ids"),
        _text("told"),
        _text("status"),
        _text("reason", optional=True),
        _instant("created_at"),
        _instant("send_at"),
        _instant("sent_at", optional=True),
        _integer("attempts"),
        _instant("due_at", optional=True),
        _text("lease", optional=True),
        _about_a_booking("messages"),
        _within("messages", "connection_id", "connections"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
    )
    op.create_index(
        "ix_messages_connection_id_booking_ref",
        "messages",
        ["connection_id", "booking_ref"],
    )
    _due_index("messages")
