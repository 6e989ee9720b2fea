"""An igloohome account as one connection knows it, and where its tokens come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
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
from service.vendors.igloohome.answers import number_in, reason_of, text_in

if TYPE_CHECKING:
    from service.vendor_http import Reply, VendorHttpClient

FIELDS: Final = (
    CredentialField("client_id", "Client ID"),
    CredentialField("client_secret", "Client secret", secret=True),
    CredentialField(
        "token_url", "Token URL", default="https://auth.igloohome.co/oauth2/token"
    ),
    CredentialField(
        "api_url", "API URL", default="https://api.igloodeveloper.co/igloohome"
    ),
)
# Seen: about 24 hours. Clients that found no `expires_in` fall back to an hour.
USUAL_SECONDS: Final = 3600
LONGEST_SECONDS: Final = 10**8
EARLY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose devices are meant, and where they are asked for."""

    client_id: str
    client_secret: Secret
    token_url: str
    api_url: str


def account_of(credentials: Credentials) -> Account:
    """Return the account of a connection's credentials; defaults fill the gaps."""
    given = {name: reveal(value).strip() for name, value in credentials.items()}
    values = {field.name: given.get(field.name) or field.default for field in FIELDS}
    for name, value in values.items():
        if not value:
            raise CredentialsRefused(
                f"{name} is missing; the iglooaccess portal shows it beside the client"
            )
        if name.endswith("_url") and not value.startswith(("https://", "http://")):
            raise CredentialsRefused(f"{name} is {value!r}; it starts with https://")
    return Account(
        client_id=str(values["client_id"]),
        client_secret=Secret(str(values["client_secret"])),
        token_url=str(values["token_url"]),
        api_url=str(values["api_url"]).rstrip("/"),
    )


class TokenFetcher:
    """Where igloohome gives out tokens."""

    def __init__(self, http: VendorHttpClient) -> None:
        self._http = http

    def fetch(self, account: Account) -> tuple[Secret, datetime]:
        """Return a fresh token, and until when to use it."""
        asked_at = now()
        reply = self._ask(account)
        token = text_in(reply.body, "access_token")
        if reply.status == 200 and token:  # noqa: PLR2004
            return Secret(token), asked_at + _lasts(reply.body)
        if 400 <= reply.status < 500 and reply.status not in (408, 425, 429):  # noqa: PLR2004
            raise CredentialsRefused(
                f"igloohome gives no token to client {account.client_id!r} "
                f"({reason_of(reply)}); check client_id, client_secret and token_url"
            )
        raise VendorBusy(
            f"igloohome's token_url gave no token ({reason_of(reply)})",
            reply.retry_after,
        )

    def _ask(self, account: Account) -> Reply:
        """Ask for a token; asking twice does no harm, so a lost answer is `VendorBusy`.

        No scope is named: the token then has all that the client owns, while naming
        one that it does not own fails the request.
        """
        try:
            return self._http.write(
                account.token_url,
                form={"grant_type": "client_credentials"},
                basic=(account.client_id, account.client_secret.reveal()),
            )
        except VendorUnknown as lost:
            raise VendorBusy(lost.reason) from lost


def _lasts(body: object) -> timedelta:
    """Return how long to use a token: a minute less than it holds, or half of that."""
    seconds = number_in(body, "expires_in")
    known = 0 < seconds < LONGEST_SECONDS
    holds = timedelta(seconds=seconds if known else USUAL_SECONDS)
    return max(holds - EARLY, holds / 2)
