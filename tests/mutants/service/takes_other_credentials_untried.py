"""Credentials are tried when an account is linked, and not when they are replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store import connections as stored
from service.use_cases import connections

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import pytest

    from service.store.connections import Connection
    from service.use_cases.context import Dependencies

on = "service"
breaks = {"CON-01"}


def untried(
    deps: Dependencies, connection: Connection, texts: Mapping[str, str], now: datetime
) -> None:
    """Store the new credentials beside the old ones."""
    del now
    vendor, vault = deps.vendors[connection.vendor], deps.store.vault
    old = vault.open_all(connection.sealed_credentials)
    plain = {name: secret.reveal() for name, secret in old.items()}
    sealed = vault.seal_all(connections.checked(vendor, plain | dict(texts)))
    columns = {"sealed_credentials": sealed}
    deps.store.write(lambda tx: stored.change(tx, connection.id, **columns))


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(connections, "give_credentials", untried)
