"""Users of the admin as rows, with their sessions and failed sign-ins.

Invariants: a password is stored as its scrypt hash alone. A session's `id` is the hash
of its token, so who reads the database can take over none.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from service.store.database import Tx
from service.store.table_gateway import Prepared, TableGateway
from service.store.tables import stored_in


@stored_in("users", sa.UniqueConstraint("name"))
class User:
    """Somebody who may sign in."""

    id: str
    name: str
    password_hash: str = field(repr=False)
    created_at: datetime


@stored_in("sessions", sa.Index(None, "ends_at"))
class Session:
    """One browser of a user until `ends_at`.

    `sealed_note` is what the next page says once: it may hold a secret.
    """

    id: str
    user_id: str
    ends_at: datetime
    sealed_note: str | None = field(default=None, repr=False)


@stored_in("vendor_sign_ins", sa.Index(None, "session_id"))
class VendorSignIn:
    """A session's sign-in at a vendor's page; `id` is the hash of its state.

    `sealed_form` is what was typed before, credentials among it.
    """

    id: str
    session_id: str
    ends_at: datetime
    sealed_form: str = field(repr=False)


@stored_in("sign_in_failures", sa.Index(None, "source", "at"))
class SignInFailure:
    """A wrong password; `source` is the fingerprint of a name or of an address."""

    id: str
    source: str
    at: datetime


USERS: Final = TableGateway(User)
SESSIONS: Final = TableGateway(Session)
VENDOR_SIGN_INS: Final = TableGateway(VendorSignIn)
FAILURES: Final = TableGateway(SignInFailure)

_failure, _session = FAILURES.table.c, SESSIONS.table.c
_COUNT: Final = Prepared(
    sa.select(sa.func.count(_failure.id)).where(
        _failure.source == sa.bindparam("source"), _failure.at > sa.bindparam("since")
    )
)
_OLD_FAILURES: Final = Prepared(
    sa.delete(FAILURES.table).where(_failure.at <= sa.bindparam("before"))
)
_OLD_SESSIONS: Final = Prepared(
    sa.delete(SESSIONS.table).where(_session.ends_at <= sa.bindparam("before"))
)


def failures_since(tx: Tx, source: str, since: datetime) -> int:
    """Return how many sign-ins from the source failed after that moment."""
    ((count,),) = _COUNT.rows(tx.sql, {"source": source, "since": since})
    return int(count)


def forget_old(tx: Tx, *, failures_before: datetime, now: datetime) -> None:
    """Delete failures from before then, and sessions that are over."""
    _OLD_FAILURES.count(tx.sql, {"before": failures_before})
    _OLD_SESSIONS.count(tx.sql, {"before": now})
