"""Users of the admin: made, signed in and out, and what they did with codes.

Invariants: a password is compared by its scrypt hash, in constant time, and takes as
long for a name that nobody has. After `LIMITS` failures within `WINDOW` neither the
name nor the address is tried, whatever the password. A session ends at sign-out, when
the password changes, and after `LASTS`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service.domain.errors import SemanticError
from service.ids import new_id, new_salt, new_token
from service.secret import MASK, Secret
from service.settings import SHORTEST_PASSWORD
from service.store import audit, users
from service.store.audit import Action
from service.store.database import Tx
from service.store.store import Store
from service.store.users import Session, SignInFailure, User

LASTS: Final = timedelta(hours=12)
WINDOW: Final = timedelta(minutes=10)
LIMITS: Final = {"name": 10, "address": 30}
"""How many failures within the window a name and an address may have."""

COST: Final = 2**14
FIRST_USER: Final = "admin"


class TooManyFailures(Exception):  # noqa: N818 (it reads as what it says)
    """The name or the address has failed too often; wait for `WINDOW`."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session with its user; `token` is what the browser keeps."""

    user: User
    session: Session
    token: Secret


def hash_password(password: Secret, salt: bytes) -> str:
    """Return the scrypt hash with its cost and its salt, as it is stored."""
    digest = _scrypt(password, salt, COST)
    return f"scrypt${COST}${salt.hex()}${digest.hex()}"


def matches(password: Secret, stored: str) -> bool:
    """Return whether the password is the one whose hash is stored."""
    _, cost, salt, digest = stored.split("$")
    own = _scrypt(password, bytes.fromhex(salt), int(cost))
    return hmac.compare_digest(own, bytes.fromhex(digest))


def _scrypt(password: Secret, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(password.reveal().encode(), salt=salt, n=cost, r=8, p=1)


NOBODY: Final = f"scrypt${COST}${bytes(16).hex()}${bytes(64).hex()}"
"""A hash that no password has, compared where there is no such user."""


def set_password(store: Store, name: str, password: Secret, now: datetime) -> None:
    """Make the user, or give them another password; their sessions end."""
    if len(password.reveal()) < SHORTEST_PASSWORD:
        fix = f"give at least {SHORTEST_PASSWORD} characters"
        raise SemanticError("password", MASK, fix)
    hashed = hash_password(password, new_salt())

    def put(tx: Tx) -> None:
        known = users.USERS.find(tx, name=name)
        if known is None:
            users.USERS.add(tx, User(new_id("usr", now), name, hashed, now))
            return
        users.USERS.change_by_id(tx, known.id, password_hash=hashed)
        users.SESSIONS.remove(tx, user_id=known.id)

    store.write(put)


def add_first_user(store: Store, password: Secret, now: datetime) -> None:
    """Make the user `admin` where there is no user yet."""
    if not store.read(users.USERS.all):
        set_password(store, FIRST_USER, password, now)


def sign_in(
    store: Store, name: str, password: Secret, address: str, now: datetime
) -> SignedIn | None:
    """Return the new session, None for a wrong name or password.

    Raise `TooManyFailures` without looking at the password.
    """
    sources = {"name": _source("name", name), "address": _source("address", address)}

    def look(tx: Tx) -> tuple[User | None, bool]:
        since = now - WINDOW
        blocked = any(
            users.failures_since(tx, sources[kind], since) >= most
            for kind, most in LIMITS.items()
        )
        return users.USERS.find(tx, name=name), blocked

    user, blocked = store.read(look)
    if blocked:
        raise TooManyFailures
    if not matches(password, user.password_hash if user else NOBODY) or user is None:
        store.write(lambda tx: _note_failure(tx, user, sources.values(), now))
        return None
    token = new_token()
    session = Session(session_id(token), user.id, now + LASTS)

    def begin(tx: Tx) -> None:
        users.SESSIONS.add(tx, session)
        audit.add(tx, now, actor_of(name), Action.SIGNED_IN, [name])

    store.write(begin)
    return SignedIn(user, session, token)


def actor_of(name: str) -> str:
    """Return what the user is called in the audit trail."""
    return f"user {name}"


def _note_failure(
    tx: Tx, user: User | None, sources: Iterable[str], now: datetime
) -> None:
    """Count the failure; the trail names only who exists: it may be a password."""
    users.forget_old(tx, failures_before=now - WINDOW, now=now)
    for source in sources:
        users.FAILURES.add(tx, SignInFailure(new_id("fail", now), source, now))
    name = user.name if user else "unknown name"
    audit.add(tx, now, "sign-in", Action.SIGN_IN_REFUSED, [name])


def _source(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind} {text}".encode()).hexdigest()


def session_id(token: Secret) -> str:
    """Return the id of the session that has this token."""
    return hashlib.sha256(token.reveal().encode()).hexdigest()


def signed_in(store: Store, token: Secret, now: datetime) -> SignedIn | None:
    """Return the session of the token, None where it is none or is over."""

    def look(tx: Tx) -> SignedIn | None:
        session = users.SESSIONS.by_id(tx, session_id(token))
        if session is None or session.ends_at <= now:
            return None
        return SignedIn(users.USERS.get(tx, session.user_id), session, token)

    return store.read(look)


def sign_out(store: Store, token: Secret) -> None:
    """End the session of the token."""
    store.write(lambda tx: users.SESSIONS.remove(tx, id=session_id(token)))


def leave_note(store: Store, token: Secret, text: Secret) -> None:
    """Keep the text, sealed, for the session's next page."""
    own, sealed = session_id(token), store.vault.seal(text)
    store.write(lambda tx: users.SESSIONS.change_by_id(tx, own, sealed_note=sealed))


def take_note(store: Store, session: Session) -> Secret | None:
    """Return the text that was kept, and keep it no longer."""
    if session.sealed_note is None:
        return None
    store.write(
        lambda tx: users.SESSIONS.change_by_id(tx, session.id, sealed_note=None)
    )
    return store.vault.open(session.sealed_note)
