"""Hear: a lock system's own message makes us look at once, and decides nothing.

Law: what waits for one of the locks it tells of is due now. The look itself asks the
vendor, so a message that comes twice, late or never changes only when we know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store import keys, waiting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from service.store.connections import Connection
    from service.store.tx import Tx
    from service.use_cases.parts import Parts


def hear(
    parts: Parts,
    connection: Connection,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> None:
    """Return once the looks are due; `VendorError` for a message that is not theirs."""
    vendor = parts.vendors[connection.vendor]
    credentials = parts.store.vault.open_all(connection.sealed_credentials)
    told = vendor.heard(credentials, headers, body)

    def note(tx: Tx) -> None:
        waiting.look_at(tx, connection.id, told, now)
        keys.look_at(tx, connection.id, told, now)

    if told:
        parts.store.write(note)
