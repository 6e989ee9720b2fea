"""Of the calls for an access, those that found it on its way are counted apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column; what is under way counts its looks from here on."""
    looks = sa.Column("looks", sa.Integer(), nullable=False, server_default="0")
    op.add_column("accesses", looks)


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("accesses", "looks")
