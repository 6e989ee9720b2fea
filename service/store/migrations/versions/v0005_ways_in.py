"""One code may open several locks, and rules may add further ways in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

COLUMNS = (("rules", "options"), ("accesses", "beside"), ("accesses", "options"))


def upgrade() -> None:
    """Add the columns."""
    for table, name in COLUMNS:
        names = sa.Column(name, sa.JSON(), nullable=False, server_default="[]")
        op.add_column(table, names)


def downgrade() -> None:
    """Drop the columns."""
    for table, name in COLUMNS:
        op.drop_column(table, name)
