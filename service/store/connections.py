"""Connections: one customer's account at one lock vendor, with its own webhook."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from service.domain.schedule import Margin, margin_of
from service.store.database import Tx
from service.store.table_gateway import TableGateway
from service.store.tables import stored_in

if TYPE_CHECKING:
    from service.store.store import Store


@stored_in("connections", sa.UniqueConstraint("key"))
class Connection:
    """A link to a vendor's account.

    `key` is the unguessable part of its webhook's URL (CON-02). It takes events
    only while it is linked, active, and its terms are accepted (CON-07). Who looks
    after the keys is `manager_email`, else the owner. `country` is where phone numbers
    without a country code are from. `refused_at` is since when the vendor does not take
    the credentials, which the owner was told at `refusal_told_at`. Its bookings have
    its `margin` at least (IGL-03).
    """

    id: str
    key: str
    vendor: str
    name: str
    timezone: str
    account: str
    linked: bool
    active: bool
    terms_accepted_at: datetime | None
    owner_email: str | None
    sealed_signing_secret: str
    sealed_credentials: str
    created_at: datetime
    manager_email: str | None = None
    country: str | None = None
    refused_at: datetime | None = None
    refusal_told_at: datetime | None = None
    sealed_old_secret: str | None = None
    old_secret_until: datetime | None = None
    margin_before_hours: int = 0
    margin_after_hours: int = 0

    def sealed_signing_secrets(self, now: datetime) -> list[str]:
        """Return the secrets that sign its events: after a rotation two for a while."""
        old = self.old_secret_until and now < self.old_secret_until
        found = (self.sealed_signing_secret, self.sealed_old_secret if old else None)
        return [each for each in found if each]

    @property
    def margin(self) -> Margin:
        """Return what its rules by resource have at least around a booking."""
        return margin_of(self.margin_before_hours, 0, self.margin_after_hours, 0)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of its locks that have none of their own."""
        return ZoneInfo(self.timezone)

    @property
    def refusal(self) -> str | None:
        """Return why its webhook accepts no events now, None when it does (CON-07)."""
        if not self.linked:
            return "the vendor no longer takes its credentials; give it new ones"
        if not self.active:
            return "it is not active; accept its terms and switch it on"
        if self.terms_accepted_at is None:
            return "its terms are not accepted; accept them"
        return None


GATEWAY: Final = TableGateway(Connection, read_once=True)
by_id: Final = GATEWAY.by_id
get: Final = GATEWAY.get
change: Final = GATEWAY.change_by_id
MARGINS: Final = ("margin_before_hours", "margin_after_hours")
MOST: Final = 1024
"""How many connections are cached."""


def by_ids(tx: Tx, ids: Collection[str]) -> dict[str, Connection]:
    """Return those of the connections that exist, by id."""
    found = (by_id(tx, each) for each in ids)
    return {each.id: each for each in found if each}


def by_key(tx: Tx, key: str) -> Connection | None:
    """Return the connection whose webhook has this key, or None."""
    return GATEWAY.find(tx, key=key)


class ConnectionCache:
    """Connections by webhook key. Entries may be stale.

    `use_cases/receive_event.py` compares with the stored one in its own transaction.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.get_cached = lru_cache(maxsize=MOST)(self._find)
        """Return the connection, perhaps stale; `LookupError` if there is none."""

    def invalidate(self) -> None:
        """Empty the cache."""
        self.get_cached.cache_clear()

    def _find(self, key: str) -> Connection:
        found = self._store.read_one(lambda tx: by_key(tx, key))
        if found is None:
            raise LookupError("no connection has this webhook URL")
        return found
