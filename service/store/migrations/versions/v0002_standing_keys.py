"""Rules may give standing keys, and an access may go onto a customer's key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = ("rules", "accesses")


def upgrade() -> None:
    """Add the columns."""
    for table in TABLES:
        op.add_column(table, sa.Column("standing", sa.Text(), nullable=True))
        grace = sa.Column(
            "grace_minutes", sa.Integer(), nullable=False, server_default="0"
        )
        op.add_column(table, grace)
    op.add_column("accesses", sa.Column("key_mark", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("accesses", "key_mark")
    for table in TABLES:
        op.drop_column(table, "grace_minutes")
        op.drop_column(table, "standing")
