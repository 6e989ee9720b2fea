"""Accesses that open further locks are found without reading the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the index."""
    several = sa.text("CAST(beside AS TEXT) <> '[]'")
    op.create_index(
        "ix_accesses_beside",
        "accesses",
        ["connection_id"],
        sqlite_where=several,
        postgresql_where=several,
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_accesses_beside", "accesses")
