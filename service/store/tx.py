"""A transaction under way, as the store hands it to the work it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Tx:
    """Where to send SQL, and the vault for what is sealed."""

    sql: Connection
    vault: Vault
