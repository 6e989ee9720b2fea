"""Tokens of logins at vendors: sealed, so that a restart needs no new login.

Invariants: a row is one login, named by its keyed fingerprint. Whoever finds no token
there claims the login, and until that ends no other process logs in. A token that does
not open, or was sealed for another login, counts as none.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from service.clock import now
from service.ports import VendorBusy
from service.secret import Secret
from service.store.database import Tx
from service.store.table_gateway import TableGateway
from service.store.tables import stored_in

if TYPE_CHECKING:
    from service.store.store import Store

CLAIMED: Final = timedelta(seconds=15)
"""How long a login may take before another process tries."""

LONGEST_PAUSE: Final = timedelta(minutes=1)
"""How long nobody logs in after the vendor asked to wait, which may be for hours."""

BUSY: Final = "another process signs in at the vendor, or the vendor asked to wait"


@stored_in("vendor_tokens", sa.Index(None, "good_until"))
class VendorToken:
    """A token that counts until `good_until`; no process logs in before `login_at`."""

    id: str
    sealed_token: str | None
    good_until: datetime
    login_at: datetime | None


GATEWAY: Final = TableGateway(VendorToken)


class StoredTokens:
    """The tokens of all logins; safe to use from many threads and processes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(
        self, login: Secret, refused: Secret | None
    ) -> tuple[Secret, datetime] | None:
        """Return a token other than the `refused` one, and its end; None is a claim."""
        row_id = self._id(login)
        return self._store.write(lambda tx: _find(tx, row_id, refused, now()))

    def keep(self, login: Secret, token: Secret, good_until: datetime) -> None:
        """Store what the claimed login brought, unless it was dropped meanwhile."""
        row_id = self._id(login)
        sealed = self._store.vault.seal(Secret(f"{row_id} {token.reveal()}"))
        new = {"sealed_token": sealed, "good_until": good_until, "login_at": None}
        self._store.write(lambda tx: GATEWAY.change_by_id(tx, row_id, **new))

    def fail(self, login: Secret, retry_after: timedelta | None) -> None:
        """End the claim of a login that brought nothing."""
        row_id = self._id(login)
        at = now() + min(retry_after or timedelta(), LONGEST_PAUSE)
        self._store.write(lambda tx: GATEWAY.change_by_id(tx, row_id, login_at=at))

    def drop(self, login: Secret) -> None:
        """Delete the login's token."""
        row_id = self._id(login)
        self._store.write(lambda tx: GATEWAY.remove(tx, id=row_id))

    def _id(self, login: Secret) -> str:
        return self._store.vault.fingerprint(login)


def _find(
    tx: Tx, row_id: str, refused: Secret | None, now: datetime
) -> tuple[Secret, datetime] | None:
    row = GATEWAY.find_for_update(tx, id=row_id)
    token = _opened(tx, row) if row else None
    if row and token and token != refused and now < row.good_until:
        return token, row.good_until
    if row and row.login_at and now < row.login_at:
        raise VendorBusy(BUSY, row.login_at - now)
    claimed = VendorToken(row_id, None, now, login_at=now + CLAIMED)
    if row:
        GATEWAY.change_all(tx, ("id",), [claimed])
    else:
        GATEWAY.add(tx, claimed)
    return None


def _opened(tx: Tx, row: VendorToken) -> Secret | None:
    with suppress(ValueError):  # of a text that no key of ours sealed
        text = tx.vault.open(row.sealed_token or "").reveal()
        login, _, token = text.partition(" ")
        return Secret(token) if login == row.id else None
    return None
