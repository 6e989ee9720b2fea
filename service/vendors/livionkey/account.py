"""A LivionKey account as one connection knows it, and where its tokens come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from service.clock import now
from service.ports import (
    CredentialField,
    Credentials,
    CredentialsRefused,
    VendorBusy,
    VendorUnknown,
)
from service.secret import Secret, reveal
from service.vendors.livionkey.answers import text_in, words

if TYPE_CHECKING:
    from datetime import datetime

    from service.vendor_http import Reply, VendorHttpClient

FIELDS: Final = (
    CredentialField("email", "API username"),
    CredentialField("password", "API password", secret=True),
    CredentialField("api_url", "API URL", default="https://api.livionkey.com"),
    CredentialField("device_ids", "Device ids, if not all", optional=True),
    CredentialField("lock_ids", "Lock ids (keys), if not all", optional=True),
    CredentialField(
        "push_key", "x-api-key of Livion's events", secret=True, optional=True
    ),
    CredentialField(
        "webhook_secret", "Secret of Livion's webhook", secret=True, optional=True
    ),
)
HOLDS: Final = timedelta(hours=1)
EARLY: Final = timedelta(minutes=5)
OK: Final = 200
TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class Account:
    """Whose keys are meant, and where they are asked for; no ids means all."""

    email: str
    password: Secret
    api_url: str
    device_ids: frozenset[str] = frozenset()
    lock_ids: frozenset[str] = frozenset()


def account_of(credentials: Credentials) -> Account:
    """Return the account of a connection's credentials."""
    given = {name: reveal(value).strip() for name, value in credentials.items()}
    url = given.get("api_url") or str(FIELDS[2].default)
    for name in ("email", "password"):
        if not given.get(name):
            raise CredentialsRefused(f"{name} is missing; ask Livion for API access")
    if not url.startswith(("https://", "http://")):
        raise CredentialsRefused(f"api_url is {url!r}; it starts with https://")
    return Account(
        email=given["email"],
        password=Secret(given["password"]),
        api_url=url.rstrip("/"),
        device_ids=_ids(given.get("device_ids", "")),
        lock_ids=_ids(given.get("lock_ids", "")),
    )


class TokenFetcher:
    """Where Livion gives out tokens; asked too often it gives none for minutes."""

    def __init__(self, http: VendorHttpClient) -> None:
        self._http = http

    def fetch(self, account: Account) -> tuple[Secret, datetime]:
        """Return a fresh token, and until when to use it."""
        asked_at = now()
        reply = self._ask(account)
        token = text_in(reply.body, "token")
        if reply.status == OK and token:
            return Secret(token), _good_until(reply.body, asked_at)
        told = f"{reply.status}: {words(reply)}".rstrip(": ")
        if 400 <= reply.status < 500 and reply.status not in (408, TOO_MANY):  # noqa: PLR2004
            raise CredentialsRefused(
                f"LivionKey gives no token to {account.email!r} ({told}); check email, "
                "password and api_url"
            )
        raise VendorBusy(f"LivionKey gave no token ({told})", reply.retry_after)

    def _ask(self, account: Account) -> Reply:
        """Ask for a token; asking twice does no harm, so a lost answer is busy."""
        given = {"email": account.email, "password": account.password.reveal()}
        try:
            return self._http.write(f"{account.api_url}/auth/login", json=given)
        except VendorUnknown as lost:
            raise VendorBusy(lost.reason) from lost


def _good_until(body: object, asked_at: datetime) -> datetime:
    """Return when to fetch the next one: a little before this one runs out.

    The vendor names an instant by its own clock. Where that is not ours, the token
    is used for a few minutes at least, and is renewed once it is refused.
    """
    latest = asked_at + HOLDS
    try:
        told = parsedate_to_datetime(text_in(body, "expirationTime"))
    except ValueError:
        told = latest
    if told.tzinfo is None:
        told = told.replace(tzinfo=UTC)
    return max(min(told, latest) - EARLY, asked_at + EARLY)


def _ids(text: str) -> frozenset[str]:
    """Return the ids of a list that somebody typed, with commas, spaces or lines."""
    return frozenset(text.replace(",", " ").replace(";", " ").split())
