"""Of several locks with one name it knows the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import connections

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.ports import LockVendor, VendorLock
    from service.store.connections import Connection
    from service.store.database import Tx

on = "service"
breaks = {"CON-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = connections.note_devices

    def by_name(
        tx: Tx,
        vendor: LockVendor,
        connection: Connection,
        devices: list[VendorLock],
        now: datetime,
    ) -> None:
        named = {each.name: each for each in reversed(devices)}
        real(tx, vendor, connection, named.values(), now)

    patch.setattr(connections, "note_devices", by_name)
