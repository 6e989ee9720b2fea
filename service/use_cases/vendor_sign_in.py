"""Linking by signing in at the vendor's own page (OAuth 2.0, authorization code).

Invariants: what was typed waits sealed in the database, the session's newest alone. It
is found by the hash of a random `state` together with the session that began, once, and
for `LASTS`. So nobody completes another's sign-in, nor the same one twice. Nothing is
linked before the vendor has taken the credentials (CON-01).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from service.domain.errors import NotPossible
from service.ids import new_token
from service.ports import OwnerSignIn, VendorRefused
from service.secret import Secret
from service.store import users
from service.store.database import Tx
from service.store.users import Session, VendorSignIn
from service.use_cases.connections import checked, without_secrets
from service.use_cases.context import Dependencies

LASTS: Final = timedelta(minutes=15)
OVER: Final = (
    "this sign-in is over, or was begun in another browser; begin again with the form"
)


@dataclass(frozen=True, slots=True)
class Pending:
    """What was typed before: a new connection, or `connection` to be linked anew."""

    vendor: str
    body: dict[str, Any]  # JSON of the form, its credentials among it
    connection: str | None = None


def begin(
    deps: Dependencies, session: Session, pending: Pending, back: str, now: datetime
) -> str:
    """Return the address of the vendor's page, which sends the browser `back`."""
    sign_in = _sign_in(deps, pending.vendor)
    credentials = checked(deps.vendors[pending.vendor], pending.body["credentials"])
    state = new_token()
    page = sign_in.page(credentials, back, state.reveal())
    text = Secret(json.dumps([pending.vendor, pending.body, pending.connection]))
    row = VendorSignIn(
        _hash(state), session.id, now + LASTS, deps.store.vault.seal(text)
    )

    def store(tx: Tx) -> None:
        users.VENDOR_SIGN_INS.remove(tx, session_id=session.id)
        users.VENDOR_SIGN_INS.add(tx, row)

    deps.store.write(store)
    return page


def finish(
    deps: Dependencies, session: Session, state: str, now: datetime
) -> Pending | None:
    """Return what waited under this state in this session, None where nothing does."""
    key = {"id": _hash(Secret(state)), "session_id": session.id}

    def take(tx: Tx) -> VendorSignIn | None:
        found = users.VENDOR_SIGN_INS.find_for_update(tx, **key)
        users.VENDOR_SIGN_INS.remove(tx, **key)
        return found

    row = deps.store.write(take)
    if row is None or row.ends_at <= now:
        return None
    return Pending(*json.loads(deps.store.vault.open(row.sealed_form).reveal()))


def redeem(deps: Dependencies, pending: Pending, back: str, code: str) -> Pending:
    """Return it with the credential that the vendor gives for the code."""
    sign_in = _sign_in(deps, pending.vendor)
    if not code:
        raise VendorRefused(f"{pending.vendor}: it sent no code; sign in again")
    texts = pending.body["credentials"]
    credentials = checked(deps.vendors[pending.vendor], texts)
    with without_secrets({**credentials, "code": Secret(code)}):
        given = sign_in.redeem(credentials, back, code)
    texts = {**texts, sign_in.gives: given.reveal()}
    return Pending(
        pending.vendor, {**pending.body, "credentials": texts}, pending.connection
    )


def _sign_in(deps: Dependencies, vendor: str) -> OwnerSignIn:
    found = deps.vendors[vendor].sign_in
    if found is None:
        raise NotPossible(f"{vendor} has no page to sign in at; give the credentials")
    return found


def _hash(state: Secret) -> str:
    return hashlib.sha256(state.reveal().encode()).hexdigest()
