"""Margins have minutes beside their hours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = ("rules", "accesses")
NAMES = ("margin_before_minutes", "margin_after_minutes")


def upgrade() -> None:
    """Add the columns."""
    for table in TABLES:
        for name in NAMES:
            minutes = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
            op.add_column(table, minutes)


def downgrade() -> None:
    """Drop the columns."""
    for table in TABLES:
        for name in NAMES:
            op.drop_column(table, name)
