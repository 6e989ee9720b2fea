"""Hear: a lock system's own message makes us look at once, and decides nothing.

Invariants: what waits for one of the locks it tells of is due now. The look itself asks
the vendor, so a message that comes twice, late or never changes only when we know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.ports import VendorRefused
from service.store import accesses, keys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from service.store.connections import Connection
    from service.store.database import Tx
    from service.use_cases.dependencies import Dependencies


def handle_vendor_webhook(
    deps: Dependencies,
    connection: Connection,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> None:
    """Return once the looks are due; `VendorError` for a message that is not theirs."""
    vendor = deps.vendors[connection.vendor]
    credentials = deps.store.vault.open_all(connection.sealed_credentials)
    if vendor.webhooks is None:
        raise VendorRefused(f"{vendor.name} sends no messages of its own")
    vendor_ids = vendor.webhooks.parse_webhook(credentials, headers, body)

    def note(tx: Tx) -> None:
        accesses.poll_now(tx, connection.id, vendor_ids, now)
        keys.poll_now(tx, connection.id, vendor_ids, now)

    if vendor_ids:
        deps.store.write(note)
