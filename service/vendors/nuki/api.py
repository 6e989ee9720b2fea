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
from typing import Final

from service import vendor_kit as kit
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
from service.secret import Secret
from service.vendor_http import Reply, VendorHttpClient
from service.vendors.nuki.mapping import KEYPAD_CODE, Row, row_of

DONE: Final = (200, 204)

MEANINGS: Final[dict[int, kit.Meaning]] = {
    400: (VendorRefused, "it does not take this order"),
    401: (CredentialsRefused, "it does not take the API token"),
    402: (CredentialsRefused, "the lock's subscription does not cover this"),
    403: (CredentialsRefused, "the API token lacks the permission {}; grant it"),
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


HOOKS: Final = "/api/decentralWebhook"
PERMISSIONS: Final = {
    HOOKS: "webhook.decentral",
    "/auth": "smartlock.auth",
    "/sync": "smartlock.action",
    "/smartlock": "smartlock.readOnly",
}
"""What a token needs for a path, by what the path has of these: the first counts."""


def done(
    reply: Reply,
    path: str,
    *,
    wrote: bool,
    meanings: Mapping[int, kit.Meaning] = MEANINGS,
) -> object:
    """Return the body of an answer that says yes; raise what any other one means."""
    if reply.status in DONE:
        return reply.body
    error, meaning = kit.meaning_of(reply.status, meanings, wrote=wrote)
    needed = next((PERMISSIONS[part] for part in PERMISSIONS if part in path), "")
    text = f"Nuki: {meaning.format(needed)} ({reason_of(reply)})"
    raise error(text, reply.retry_after)


def reason_of(reply: Reply) -> str:
    """Return the status, the parameter at fault and what helps against it.

    Never a value: it may be a PIN.
    """
    _, found, rest = kit.text_in(reply.body, "detailMessage").partition("parameter '")
    name = rest.partition("'")[0][: kit.LONGEST_TEXT]
    if not (found and name):
        return str(reply.status)
    return f"{reply.status}: parameter {name}{REMEDIES.get(name, '')}"


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
    values = kit.given(credentials, FIELDS, missing="make one in Nuki Web, API")
    return Account(values["api_token"], values["api_url"])


OF_CODES: Final = {"types": str(KEYPAD_CODE)}


class Client:
    """Calls Nuki for any account; safe to share between threads."""

    def __init__(self, http: VendorHttpClient) -> None:
        self._http = http

    def locks(self, account: Account) -> list[kit.Body]:
        """Return all locks of the account."""
        return kit.objects(self._get(account, "/smartlock"), "Nuki")

    def check_codes(self, account: Account) -> None:
        """Raise if the token may not see codes at all."""
        self._get(account, "/smartlock/auth/paged", {"page": "0", "size": "1"})

    def lock(self, account: Account, lock: str) -> kit.Body:
        """Return one lock."""
        return kit.object_in(self._get(account, f"/smartlock/{kit.part(lock)}"))

    def codes(self, account: Account, lock: str) -> list[Row]:
        """Return the keypad codes that the server's copy has of a lock."""
        path = f"/smartlock/{kit.part(lock)}/auth"
        found = kit.objects(self._get(account, path, OF_CODES), "Nuki")
        rows = [row_of(each) for each in found]
        return [row for row in rows if row is not None]

    def create(self, account: Account, lock: str, order: kit.Body) -> None:
        """Order a new code; return once that is accepted."""
        self._send(account, "PUT", f"/smartlock/{kit.part(lock)}/auth", order)

    def change(self, account: Account, lock: str, ref: str, order: kit.Body) -> None:
        """Order a change; fields left out are cleared, so `order` has them all."""
        self._send(account, "POST", _row(lock, ref), order, ABOUT_A_ROW)

    def delete(self, account: Account, lock: str, ref: str) -> None:
        """Order that a code be deleted; return once that is accepted."""
        self._send(account, "DELETE", _row(lock, ref), meanings=ABOUT_A_ROW)

    def sync(self, account: Account, lock: str) -> None:
        """Have the server read what the lock has; a failure is ignored."""
        with suppress(VendorError):
            self._send(account, "POST", f"/smartlock/{kit.part(lock)}/sync")

    def hooks(self, account: Account) -> list[kit.Body]:
        """Return the account's webhooks, without their secrets."""
        return kit.objects(self._get(account, HOOKS), "Nuki")

    def add_hook(self, account: Account, url: str, features: Sequence[str]) -> str:
        """Add a webhook for the URL; return its secret, which is shown once."""
        order = {"webhookUrl": url, "webhookFeatures": list(features)}
        made = self._send(account, "PUT", HOOKS, order)
        secret = kit.text_in(made, "secret")
        if not secret:
            raise VendorUnknown("Nuki: it did not show the webhook's secret; repeat it")
        return secret

    def remove_hook(self, account: Account, hook: str) -> None:
        """Remove a webhook."""
        self._send(account, "DELETE", f"{HOOKS}/{kit.part(hook)}")

    def _get(
        self, account: Account, path: str, params: Mapping[str, str] | None = None
    ) -> object:
        url, headers = f"{account.api_url}{path}", kit.bearer(account.api_token)
        reply = self._http.read(url, headers=headers, params=params)
        return done(reply, path, wrote=False)

    def _send(
        self,
        account: Account,
        method: str,
        path: str,
        order: kit.Body | None = None,
        meanings: Mapping[int, kit.Meaning] = MEANINGS,
    ) -> object:
        url, headers = f"{account.api_url}{path}", kit.bearer(account.api_token)
        reply = self._http.order(method, url, headers=headers, json=order)
        return done(reply, path, wrote=True, meanings=meanings)


def _row(lock: str, ref: str) -> str:
    return f"/smartlock/{kit.part(lock)}/auth/{kit.part(ref)}"
