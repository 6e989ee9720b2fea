"""What is under way, and what is cleared, is found without reading a table through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

HELD = ("accesses", "messages", "keys")


def upgrade() -> None:
    """Make the indexes."""
    for table in HELD:
        held = sa.text("lease IS NOT NULL")
        op.create_index(
            f"ix_{table}_held",
            table,
            ["due_at"],
            sqlite_where=held,
            postgresql_where=held,
        )
    op.create_index(
        "ix_accesses_by_hand",
        "accesses",
        ["ordered_at"],
        sqlite_where=sa.text("by_hand = 1"),
        postgresql_where=sa.text("by_hand"),
    )
    op.create_index("ix_events_received_at", "events", ["received_at"])


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("ix_events_received_at", "events")
    op.drop_index("ix_accesses_by_hand", "accesses")
    for table in HELD:
        op.drop_index(f"ix_{table}_held", table)
