"""Margins of a connection, which each of its rules has at least."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.connections import MARGINS

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns, unless the first step has made the table with them."""
    known = {each["name"] for each in sa.inspect(op.get_bind()).get_columns(TABLE)}
    for name in MARGINS:
        if name not in known:
            column = sa.Column(name, sa.Integer, nullable=False, server_default="0")
            op.add_column(TABLE, column)


TABLE = "connections"
