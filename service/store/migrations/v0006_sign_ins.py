"""Sign-ins at a vendor's own page that are under way."""

from __future__ import annotations

from alembic import op

from service.store.schema import with_indexes

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables that are missing."""
    with_indexes().create_all(op.get_bind())
