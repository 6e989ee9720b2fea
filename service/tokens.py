"""Tokens that a vendor gives to accounts, each kept until it runs out.

Invariants: a token is fetched once and shared by all threads until it runs out or is
refused; while one thread fetches it, the others of that account wait for it. How a
token is fetched is the vendor folder's affair.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from service.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from service.secret import Secret

MOST_ACCOUNTS: Final = 10_000
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

Account = TypeVar("Account", bound="Hashable")


@dataclass(slots=True)
class _Slot:
    """One account's place in the cache; its lock is held while a token is fetched."""

    token: Secret | None = None
    good_until: datetime = LONG_AGO
    lock: Lock = field(default_factory=Lock)


class Tokens(Generic[Account]):
    """The tokens of all accounts; `fetch` returns one and until when to use it."""

    def __init__(self, fetch: Callable[[Account], tuple[Secret, datetime]]) -> None:
        self._fetch = fetch
        self._lock = Lock()
        self._slots: dict[Account, _Slot] = {}

    def token(self, account: Account, *, refused: Secret | None = None) -> Secret:
        """Return a token that still holds, and is not the one that was refused."""
        slot = self._slot(account)
        with slot.lock:
            if slot.token in (None, refused) or now() >= slot.good_until:
                slot.token, slot.good_until = self._fetch(account)
            return slot.token

    def invalidate(self, account: Account) -> None:
        """Drop the account's token, so that its credentials are tried anew."""
        with self._lock:
            self._slots.pop(account, None)

    def _slot(self, account: Account) -> _Slot:
        with self._lock:
            if len(self._slots) >= MOST_ACCOUNTS and account not in self._slots:
                del self._slots[next(iter(self._slots))]
            return self._slots.setdefault(account, _Slot())
