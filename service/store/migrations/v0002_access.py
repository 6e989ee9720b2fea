"""Access to the service: API tokens and the audit trail.

The first step creates every table of the schema; this one those that a database of the
first version lacks.
"""

from __future__ import annotations

from alembic import op

from service.store.schema import with_indexes

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables that are missing."""
    with_indexes().create_all(op.get_bind())
