"""Alembic's entry: runs the steps on the connection that `migrate` hands over."""

from __future__ import annotations

from alembic import context

from service.store.schema import metadata

context.configure(
    connection=context.config.attributes["sql"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
