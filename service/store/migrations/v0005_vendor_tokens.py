"""Tokens of logins at vendors."""

from __future__ import annotations

from alembic import op

from service.store.schema import with_indexes

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables that are missing."""
    with_indexes().create_all(op.get_bind())
