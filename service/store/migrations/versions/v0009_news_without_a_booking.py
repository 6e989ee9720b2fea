"""A message can be about an access that has no booking, and then goes with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Let a message have an access instead of a booking."""
    with op.batch_alter_table("messages") as messages:
        messages.alter_column("booking_ref", existing_type=sa.Text(), nullable=True)
        messages.add_column(sa.Column("access_id", sa.Text(), nullable=True))
        messages.create_foreign_key(
            "fk_messages_accesses",
            "accesses",
            ["access_id"],
            ["id"],
            ondelete="CASCADE",
        )
    known = sa.text("access_id IS NOT NULL")
    op.create_index(
        "ix_messages_access_id",
        "messages",
        ["access_id"],
        sqlite_where=known,
        postgresql_where=known,
    )


def downgrade() -> None:
    """Drop the messages that have no booking, and the column."""
    op.drop_index("ix_messages_access_id", "messages")
    op.execute("DELETE FROM messages WHERE booking_ref IS NULL")
    with op.batch_alter_table("messages") as messages:
        messages.drop_constraint("fk_messages_accesses", type_="foreignkey")
        messages.drop_column("access_id")
        messages.alter_column("booking_ref", existing_type=sa.Text(), nullable=False)
