"""Users of the admin, with their sessions, and the indexes of what failed."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from service.store.schema import with_indexes

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables and the indexes that are missing."""
    with_indexes().create_all(op.get_bind())
    failed = text("status = 'failed'")
    for table in ("accesses", "messages"):
        op.create_index(
            f"ix_{table}_failed",
            table,
            ["id"],
            sqlite_where=failed,
            postgresql_where=failed,
            if_not_exists=True,
        )
