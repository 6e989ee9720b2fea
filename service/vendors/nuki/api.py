"""Nuki's Web API: the account, what its answers mean, one method a call.

Invariants: a call returns what the vendor said yes with (200 or 204), or raises one of
the errors of `service.ports`; `MEANINGS` says which. 204 means that an order is
accepted, never that the lock has it. Reading is answered from the server's copy, never
by the lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from service.ports import (
    CredentialField,
    Credentials,
    CredentialsRefused,
    PinTaken,
    VendorBusy,
    VendorError,
    VendorRefused,
    VendorUnknown,
)
from service.secret import Secret, reveal
from service.vendors.nuki.mapping import KEYPAD_CODE, Row, row_of

if TYPE_CHECKING:
    from service.vendor_http import Reply, VendorHttpClient


Meaning = tuple[type[VendorError], str]

DONE: Final = (200, 204)

MEANINGS: Final[dict[int, Meaning]] = {
    400: (VendorRefused, "it does not take this order"),
    401: (CredentialsRefused, "it does not take the API token"),
    402: (CredentialsRefused, "the lock's subscription does not cover this"),
    403: (CredentialsRefused, "the API token lacks a permission; grant it"),
    404: (VendorRefused, "it knows no such lock"),
    408: (VendorBusy, "it took too long"),
    409: (PinTaken, "the lock has this PIN already"),
    423: (VendorBusy, "another order for this code is still under way"),
    426: (CredentialsRefused, "the lock's subscription does not cover this"),
    429: (VendorBusy, "it was asked too often"),
}
ABOUT_A_ROW: Final = MEANINGS | {404: (VendorBusy, "it lists the code no longer")}
"""The same for a code that the list has just shown."""

REMEDIES: Final = {"type": ", pair a keypad with the lock"}
LONGEST_TEXT: Final = 200


def done(
    reply: Reply, *, wrote: bool, meanings: Mapping[int, Meaning] = MEANINGS
) -> object:
    """Return the body of an answer that says yes; raise what any other one means."""
    if reply.status in DONE:
        return reply.body
    error, meaning = meanings.get(reply.status) or _unlisted(reply.status, wrote=wrote)
    raise error(f"Nuki: {meaning} ({reason_of(reply)})", reply.retry_after)


def reason_of(reply: Reply) -> str:
    """Return the status, the parameter at fault and what helps against it.

    Never a value: it may be a PIN.
    """
    body = reply.body if isinstance(reply.body, dict) else {}
    words = body.get("detailMessage")
    words = words if isinstance(words, str) else ""
    _, found, rest = words.partition("parameter '")
    name = rest.partition("'")[0][:LONGEST_TEXT]
    if not (found and name):
        return str(reply.status)
    return f"{reply.status}: parameter {name}{REMEDIES.get(name, '')}"


def _unlisted(status: int, *, wrote: bool) -> Meaning:
    if 400 <= status < 500:  # noqa: PLR2004
        return VendorRefused, "it does not take this order"
    if 300 <= status < 400:  # noqa: PLR2004
        return VendorBusy, "it points elsewhere; check api_url"
    if wrote:
        return VendorUnknown, "it is not clear whether it took the order"
    return VendorBusy, "it has a problem of its own"


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


Body = Mapping[str, object]
HOOKS: Final = "/api/decentralWebhook"
OF_CODES: Final = {"types": str(KEYPAD_CODE)}


class Client:
    """Calls Nuki for any account; safe to share between threads."""

    def __init__(self, http: VendorHttpClient) -> None:
        self._http = http

    def locks(self, account: Account) -> list[Body]:
        """Return all locks of the account."""
        return _list(self._get(account, "/smartlock"))

    def check_codes(self, account: Account) -> None:
        """Raise if the token may not see codes at all."""
        self._get(account, "/smartlock/auth/paged", {"page": "0", "size": "1"})

    def lock(self, account: Account, lock: str) -> Body:
        """Return one lock."""
        found = self._get(account, f"/smartlock/{_part(lock)}")
        return found if isinstance(found, dict) else {}

    def codes(self, account: Account, lock: str) -> list[Row]:
        """Return the keypad codes that the server's copy has of a lock."""
        path = f"/smartlock/{_part(lock)}/auth"
        found = _list(self._get(account, path, OF_CODES))
        rows = [row_of(each) for each in found]
        return [row for row in rows if row is not None]

    def create(self, account: Account, lock: str, order: Body) -> None:
        """Order a new code; return once that is accepted."""
        self._send(account, "PUT", f"/smartlock/{_part(lock)}/auth", order)

    def change(self, account: Account, lock: str, ref: str, order: Body) -> None:
        """Order a change; fields left out are cleared, so `order` has them all."""
        self._send(account, "POST", _row(lock, ref), order, ABOUT_A_ROW)

    def delete(self, account: Account, lock: str, ref: str) -> None:
        """Order that a code be deleted; return once that is accepted."""
        self._send(account, "DELETE", _row(lock, ref), meanings=ABOUT_A_ROW)

    def sync(self, account: Account, lock: str) -> None:
        """Have the server read what the lock has; a failure is ignored."""
        with suppress(VendorError):
            self._send(account, "POST", f"/smartlock/{_part(lock)}/sync")

    def hooks(self, account: Account) -> list[Body]:
        """Return the account's webhooks, without their secrets."""
        return _list(self._get(account, HOOKS))

    def add_hook(self, account: Account, url: str, features: Sequence[str]) -> str:
        """Add a webhook for the URL; return its secret, which is shown once."""
        order = {"webhookUrl": url, "webhookFeatures": list(features)}
        made = self._send(account, "PUT", HOOKS, order)
        secret = made.get("secret") if isinstance(made, dict) else None
        if not isinstance(secret, str):
            raise VendorUnknown("Nuki: it did not show the webhook's secret; repeat it")
        return secret

    def remove_hook(self, account: Account, hook: str) -> None:
        """Remove a webhook."""
        self._send(account, "DELETE", f"{HOOKS}/{_part(hook)}")

    def _get(
        self, account: Account, path: str, params: Mapping[str, str] | None = None
    ) -> object:
        url, headers = f"{account.api_url}{path}", _headers(account)
        return done(self._http.read(url, headers=headers, params=params), wrote=False)

    def _send(
        self,
        account: Account,
        method: str,
        path: str,
        order: Body | None = None,
        meanings: Mapping[int, Meaning] = MEANINGS,
    ) -> object:
        url, headers = f"{account.api_url}{path}", _headers(account)
        reply = self._http.order(method, url, headers=headers, json=order)
        return done(reply, wrote=True, meanings=meanings)


def _row(lock: str, ref: str) -> str:
    return f"/smartlock/{_part(lock)}/auth/{_part(ref)}"


def _headers(account: Account) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {account.api_token.reveal()}"}


def _list(found: object) -> list[Body]:
    if not isinstance(found, list):
        raise VendorBusy("Nuki: its list is none; if this goes on, check api_url")
    return [each for each in found if isinstance(each, dict)]


def _part(text: str) -> str:
    return quote(text, safe="")
