"""It never asks the vendor for its locks again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store import locks
from service.web.api import locks as api

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.store.connections import Connection
    from service.store.locks import Lock
    from service.use_cases.context import Dependencies

on = "service"
breaks = {"CON-05"}
also = {"NUK-01"}


def stored(deps: Dependencies, connection: Connection, _now: datetime) -> list[Lock]:
    return deps.store.read(lambda tx: locks.of_connection(tx, connection.id))


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(api, "refresh", stored)
