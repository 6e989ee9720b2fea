"""Brings a database to the present form of the tables.

Law: it happens in one transaction under a lock, so processes that start together
do it once, and a crash in the middle leaves the database as it was.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Engine

ADVISORY_LOCK: Final = 0x5354_5249_4B45
"""Any number, the same in every process of this service."""


def migrate(engine: Engine) -> None:
    """Return once the database has all tables in their present form."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", "service.store:migrations")
    with engine.execution_options(writes=True).begin() as sql:
        if sql.dialect.name == "postgresql":
            sql.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})
        config.attributes["sql"] = sql
        command.upgrade(config, "head")
