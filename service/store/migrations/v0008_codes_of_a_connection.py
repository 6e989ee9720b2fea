"""The index by which the overview pages through the codes of one connection."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the index, unless the first step has made it with the table."""
    op.create_index(
        "ix_accesses_connection_id_id",
        "accesses",
        ["connection_id", "id"],
        if_not_exists=True,
    )
