"""The latest instant that a worker saw."""

from __future__ import annotations

from alembic import op

from service.store.schema import with_indexes

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables that are missing."""
    with_indexes().create_all(op.get_bind())
