"""A Nuki account as one connection knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from service.ports import CredentialField, Credentials, CredentialsRefused
from service.secret import Secret, reveal

FIELDS: Final = (
    CredentialField("api_token", "API token", secret=True),
    CredentialField("api_url", "API URL", default="https://api.nuki.io"),
    CredentialField(
        "webhook_secret", "Secret of Nuki's webhook", secret=True, optional=True
    ),
)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose locks are meant, and where they are asked for."""

    api_token: Secret
    api_url: str


def account_of(credentials: Credentials) -> Account:
    """Return the account of a connection's credentials."""
    given = {name: reveal(value).strip() for name, value in credentials.items()}
    url = given.get("api_url") or str(FIELDS[1].default)
    if not given.get("api_token"):
        raise CredentialsRefused("api_token is missing; make one in Nuki Web, API")
    if not url.startswith(("https://", "http://")):
        raise CredentialsRefused(f"api_url is {url!r}; it starts with https://")
    return Account(Secret(given["api_token"]), url.rstrip("/"))
