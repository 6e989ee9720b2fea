"""Nuki's Web API: one method a call, and nothing but HTTP.

Invariants: every method returns what the vendor said yes with, or raises one of the
errors of `service.ports`. Reading is answered from the server's copy, never by the
lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from service.ports import VendorBusy, VendorError, VendorUnknown
from service.vendors.nuki.answers import ABOUT_A_ROW, MEANINGS, Meaning, done
from service.vendors.nuki.rows import KEYPAD_CODE, Row, row_of

if TYPE_CHECKING:
    from service.vendor_http import VendorHttpClient
    from service.vendors.nuki.account import Account

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
        """Return if the token may see codes at all, whatever there is to see."""
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

    def look(self, account: Account, lock: str) -> None:
        """Have the server look at what the lock has; where it does not, no matter."""
        with suppress(VendorError):
            self._send(account, "POST", f"/smartlock/{_part(lock)}/sync")

    def hooks(self, account: Account) -> list[Body]:
        """Return whom the account tells of its locks, without their secrets."""
        return _list(self._get(account, HOOKS))

    def add_hook(self, account: Account, url: str, features: Sequence[str]) -> str:
        """Have the account tell the URL; return the secret, which is shown once."""
        order = {"webhookUrl": url, "webhookFeatures": list(features)}
        made = self._send(account, "PUT", HOOKS, order)
        secret = made.get("secret") if isinstance(made, dict) else None
        if not isinstance(secret, str):
            raise VendorUnknown("Nuki: it did not show the webhook's secret; repeat it")
        return secret

    def remove_hook(self, account: Account, hook: str) -> None:
        """Have the account tell this one no longer."""
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
