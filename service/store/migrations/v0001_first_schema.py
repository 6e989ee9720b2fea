"""The first schema: every table and index of `service/store/schema.py`.

Nothing has been released yet, so the schema is written once, there. The first change
after a release comes with a step of its own, and with this one frozen: `create_all`
then takes a copy of the tables as they were released.
"""

from __future__ import annotations

from alembic import op

from service.store.schema import with_indexes

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table and index."""
    with_indexes().create_all(op.get_bind())
