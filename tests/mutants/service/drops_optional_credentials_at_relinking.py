"""New credentials for a connection make it forget the optional ones it had."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service.use_cases import connections

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-01"}
also = {"EXV-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = connections.give_credentials

    def forgetting(deps: Any, connection: Any, texts: Any, now: Any) -> None:
        vault = deps.store.vault
        optional = {
            f.name for f in deps.vendors[connection.vendor].fields if f.optional
        }
        held = vault.open_all(connection.sealed_credentials)
        kept = {name: value for name, value in held.items() if name not in optional}
        known = replace(connection, sealed_credentials=vault.seal_all(kept))
        real(deps, known, texts, now)

    patch.setattr(connections, "give_credentials", forgetting)
