"""API tokens: named, with scopes, known here by their hash alone.

Invariants: a token is shown once, when it is made. It counts from its transaction on,
in every process, until its `until`; a rotated one counts beside its successor for a
while. A name has one token that counts without end, at most.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from service.domain.errors import NotPossible
from service.ids import new_id, new_token
from service.secret import Secret
from service.store import audit
from service.store.audit import Action
from service.store.database import Tx
from service.store.table_gateway import TableGateway
from service.store.tables import stored_in


class Scope(StrEnum):
    """What a token allows."""

    READ = "read"
    """Every GET of the API, codes masked."""
    WRITE = "write"
    """Every other call of the API."""
    CODES = "codes"
    """Codes in clear: PINs, master codes, return codes."""


EVERYTHING: Final = frozenset(Scope)


@stored_in("api_tokens", sa.UniqueConstraint("hash"))
class Token:
    """A token; it counts `until` then, None without end."""

    id: str
    name: str
    scopes: list[str]
    hash: str
    created_at: datetime
    until: datetime | None = None

    def counts(self, now: datetime) -> bool:
        """Return whether it is taken now."""
        return self.until is None or now < self.until


GATEWAY: Final = TableGateway(Token)


def make(
    tx: Tx, name: str, scopes: Iterable[Scope], *, actor: str, now: datetime
) -> Secret:
    """Return a new token; `NotPossible` where the name has one."""
    if _endless(tx, name):
        raise NotPossible(f"there is a token {name!r}; rotate it, or take another name")
    audit.add(tx, now, actor, Action.TOKEN_MADE, [name])
    return _add(tx, name, sorted(set(scopes)), now)


def rotate(
    tx: Tx, name: str, overlap: timedelta, *, actor: str, now: datetime
) -> Secret:
    """Return the token's successor; the old one counts for so long beside it."""
    old = _one(tx, name)
    GATEWAY.change_by_id(tx, old.id, until=now + overlap)
    audit.add(tx, now, actor, Action.TOKEN_ROTATED, [name])
    return _add(tx, name, old.scopes, now)


def revoke(tx: Tx, name: str, *, actor: str, now: datetime) -> None:
    """End every token of the name now."""
    _one(tx, name)
    for each in GATEWAY.all(tx, name=name):
        if each.counts(now):
            GATEWAY.change_by_id(tx, each.id, until=now)
    audit.add(tx, now, actor, Action.TOKEN_REVOKED, [name])


def find(tx: Tx, token: str, now: datetime) -> Token | None:
    """Return the token with this text if it counts now, or None."""
    found = GATEWAY.find(tx, hash=_hash(token))
    return found if found and found.counts(now) else None


def _one(tx: Tx, name: str) -> Token:
    found = _endless(tx, name)
    if found is None:
        known = sorted({each.name for each in GATEWAY.all(tx) if each.until is None})
        raise NotPossible(
            f"there is no token {name!r}; known: {', '.join(known) or 'none'}"
        )
    return found


def _endless(tx: Tx, name: str) -> Token | None:
    found = [each for each in GATEWAY.all(tx, name=name) if each.until is None]
    return found[0] if found else None


def _add(tx: Tx, name: str, scopes: Iterable[str], now: datetime) -> Secret:
    token = new_token()
    row = Token(new_id("tok", now), name, list(scopes), _hash(token.reveal()), now)
    GATEWAY.add(tx, row)
    return token


def _hash(token: str) -> str:
    """Return the hash; a token is 256 random bits, so it needs neither salt nor key."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
