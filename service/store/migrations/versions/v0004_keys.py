"""Where each key is, whom to tell of late ones, and by what terms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the table of keys and what rules, locks and messages say of them."""
    _add_keys()
    _add_terms()


def downgrade() -> None:
    """Drop them."""
    op.drop_column("messages", "kind")
    for name in ("tell_returns", "overdue_after_minutes", "return_grace_minutes"):
        op.drop_column("rules", name)
    op.drop_column("locks", "sealed_return_code")
    op.drop_column("connections", "manager_email")
    op.drop_table("keys")


def _add_keys() -> None:
    op.create_table(
        "keys",
        _belonging("id", "locks"),
        _belonging("connection_id", "connections"),
        sa.Column("inside", sa.Boolean(), nullable=True),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("since", Instant(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("booking_ref", sa.Text(), nullable=True),
        sa.Column("returned_at", Instant(), nullable=True),
        sa.Column("returned_by", sa.Text(), nullable=True),
        sa.Column("warning", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("lease", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_keys"),
    )
    due = sa.column("due_at").is_not(None)
    op.create_index(
        "ix_keys_due",
        "keys",
        ["due_at", "connection_id"],
        sqlite_where=due,
        postgresql_where=due,
    )


def _add_terms() -> None:
    op.add_column("connections", sa.Column("manager_email", sa.Text(), nullable=True))
    op.add_column("locks", sa.Column("sealed_return_code", sa.Text(), nullable=True))
    for name in ("return_grace_minutes", "overdue_after_minutes"):
        minutes = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        op.add_column("rules", minutes)
    tells = sa.Boolean()
    op.add_column(
        "rules",
        sa.Column("tell_returns", tells, nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "messages",
        sa.Column("kind", sa.Text(), nullable=False, server_default="code"),
    )


def _belonging(name: str, table: str) -> sa.Column[str]:
    """Return a column of ids of a table; a key goes with what it belongs to."""
    owner = sa.ForeignKey(f"{table}.id", ondelete="CASCADE", name=f"fk_keys_{table}")
    return sa.Column(name, sa.Text(), owner, nullable=False)
