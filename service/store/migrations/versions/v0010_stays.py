"""Who may have a key now or later is found without reading who had it before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the index."""
    made = sa.text("created_at IS NOT NULL")
    op.create_index(
        "ix_accesses_stays",
        "accesses",
        ["lock_id", "valid_until"],
        sqlite_where=made,
        postgresql_where=made,
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_accesses_stays", "accesses")
