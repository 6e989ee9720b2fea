"""Refresh: a connection's devices are read from the vendor again (CON-05).

Invariants: a device keeps its id here, whatever else the vendor says of it anew. One
that the vendor no longer lists stays, marked unusable, since codes were made for it.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from service.ids import new_id
from service.store import keys, locks
from service.store.keys import StoredKey
from service.store.locks import Lock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from service.ports import LockVendor, VendorLock
    from service.store.connections import Connection
    from service.store.database import Tx
    from service.use_cases.dependencies import Dependencies

GONE = "the vendor no longer lists this device"


def refresh(deps: Dependencies, connection: Connection, now: datetime) -> list[Lock]:
    """Return the connection's locks as the vendor tells them now."""
    vendor = deps.vendors[connection.vendor]
    devices = vendor.locks(deps.store.vault.open_all(connection.sealed_credentials))

    def store(tx: Tx) -> list[Lock]:
        note_devices(tx, vendor, connection, devices, now)
        return locks.of_connection(tx, connection.id)

    return deps.store.write(store)


def note_devices(
    tx: Tx,
    vendor: LockVendor,
    connection: Connection,
    devices: Iterable[VendorLock],
    now: datetime,
) -> None:
    """Store the devices that the vendor listed; keys among them are looked at.

    A lock is in the zone that its vendor tells; where none is told a new one is in
    the connection's.
    """
    known = {lock.vendor_id: lock for lock in locks.of_connection(tx, connection.id)}
    for device in devices:
        columns = _columns(tx, device)
        lock = known.pop(device.vendor_id, None)
        if lock is not None:
            locks.change(tx, lock.id, **columns, seen_at=now)
            continue
        new = Lock(
            id=new_id("lock", now),
            connection_id=connection.id,
            seen_at=now,
            **({"timezone": connection.timezone} | columns),
        )
        locks.GATEWAY.add(tx, new)
        if vendor.keys is not None:
            keys.GATEWAY.add(tx, StoredKey(new.id, connection.id, due_at=now))
    for gone in known.values():
        locks.change(tx, gone.id, usable=False, unusable_reason=GONE)
    keys.poll_now(tx, connection.id, None, now)


def _columns(tx: Tx, device: VendorLock) -> dict[str, Any]:
    """Return what the vendor says of a device, in the lock's columns."""
    columns = asdict(replace(device, return_code=None))
    del columns["return_code"]
    if device.timezone is None:
        del columns["timezone"]
    code = device.return_code
    return columns | {"sealed_return_code": tx.vault.seal(code) if code else None}
