"""Brings a database to the present form of the tables.

Invariants: it happens in one transaction under a lock, so processes that start together
do it once, and a crash in the middle leaves the database as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text

from service.store.migrations import HEAD

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

ADVISORY_LOCK: Final = 0x5354_5249_4B45
"""Any number, the same in every process of this service."""


def migrate(engine: Engine) -> None:
    """Return once the database has all tables in their present form."""
    with engine.begin() as sql:
        if sql.dialect.name == "postgresql":
            sql.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})
        if not _is_present(sql):
            _upgrade(sql)


def _is_present(sql: Connection) -> bool:
    if not inspect(sql).has_table("alembic_version"):
        return False
    found = sql.scalar(text("SELECT version_num FROM alembic_version"))
    return bool(found == HEAD)


def _upgrade(sql: Connection) -> None:
    """Run the missing steps; Alembic takes long to load, so it is loaded for them."""
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "service.store:migrations")
    config.attributes["sql"] = sql
    command.upgrade(config, "head")
