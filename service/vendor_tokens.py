"""The tokens that vendors give to accounts.

Invariants: a token is fetched once and shared by all threads until it expires or is
refused; while one thread fetches it, the others of that account wait. It is kept where
it outlives the process, if there is such a place. How a token is fetched is decided in
the vendor's folder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final, Generic, Protocol, TypeVar

from service.clock import now
from service.secret import Secret

MOST_ACCOUNTS: Final = 10_000
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


class HasLogin(Protocol):
    """An account of a vendor that gives tokens."""

    @property
    def login(self) -> Secret:
        """All that tells its login from any other: where, who and the password."""


Account = TypeVar("Account", bound=HasLogin)


class KeptTokens(Protocol):
    """Where tokens outlive a process, and processes log in one at a time."""

    def find(
        self, login: Secret, refused: Secret | None
    ) -> tuple[Secret, datetime] | None:
        """Return a token and its end; after None the caller calls `keep` or `fail`.

        Raise `VendorBusy` while another process logs in.
        """

    def keep(self, login: Secret, token: Secret, good_until: datetime) -> None:
        """Store what the login brought."""

    def fail(self, login: Secret, retry_after: timedelta | None) -> None:
        """Say that it brought nothing, and how long the vendor asked to wait."""

    def drop(self, login: Secret) -> None:
        """Delete the login's token."""


@dataclass(slots=True)
class _Slot:
    """One account's token; the lock is held while a new one is fetched."""

    token: Secret | None = None
    good_until: datetime = LONG_AGO
    lock: Lock = field(default_factory=Lock)


class Tokens(Generic[Account]):
    """Cache of tokens by login; `fetch` returns one and when it expires."""

    def __init__(
        self,
        fetch: Callable[[Account], tuple[Secret, datetime]],
        kept: KeptTokens | None = None,
    ) -> None:
        self._fetch = fetch
        self._kept = kept
        self._lock = Lock()
        self._slots: dict[Secret, _Slot] = {}

    def token(self, account: Account, *, refused: Secret | None = None) -> Secret:
        """Return a valid token other than the one that was `refused`."""
        slot = self._slot(account.login)
        with slot.lock:
            if slot.token in (None, refused) or now() >= slot.good_until:
                slot.token, slot.good_until = self._kept_or_new(account, refused)
            return slot.token

    def invalidate(self, account: Account) -> None:
        """Drop the account's token, so that its credentials are used again."""
        with self._lock:
            self._slots.pop(account.login, None)
        if self._kept:
            self._kept.drop(account.login)

    def _kept_or_new(
        self, account: Account, refused: Secret | None
    ) -> tuple[Secret, datetime]:
        if self._kept is None:
            return self._fetch(account)
        if found := self._kept.find(account.login, refused):
            return found
        try:
            token, good_until = self._fetch(account)
        except Exception as error:
            self._kept.fail(account.login, getattr(error, "retry_after", None))
            raise
        self._kept.keep(account.login, token, good_until)
        return token, good_until

    def _slot(self, login: Secret) -> _Slot:
        with self._lock:
            if len(self._slots) >= MOST_ACCOUNTS and login not in self._slots:
                del self._slots[next(iter(self._slots))]
            return self._slots.setdefault(login, _Slot())
