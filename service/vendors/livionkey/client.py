"""LivionKey's older interface: one method a call, and nothing but HTTP.

Invariants: every method returns what the vendor said yes with, or raises one of the
errors of `service.ports`. A 401 says either that the token is dead or that the account
has no right to what was asked for. The list of devices, which every account may read,
tells which: a dead token is renewed, a live one is not, and the call is repeated once
and never again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from service.ports import VendorBusy
from service.tokens import Tokens
from service.vendors.livionkey.account import Account, TokenFetcher
from service.vendors.livionkey.answers import Absent, done

if TYPE_CHECKING:
    from service.secret import Secret
    from service.vendor_http import Reply, VendorHttpClient

UNAUTHORIZED: Final = 401

Body = Mapping[str, Any]  # JSON
Headers = Mapping[str, str]
Params = Mapping[str, str]


class Client:
    """Calls LivionKey for any account; safe to share between threads."""

    def __init__(self, http: VendorHttpClient) -> None:
        self._http = http
        self._tokens: Tokens[Account] = Tokens(TokenFetcher(http).fetch)

    def sign_in(self, account: Account) -> None:
        """Return once the vendor took the credentials themselves, not an old token."""
        self._tokens.invalidate(account)
        self._tokens.token(account)

    def devices(self, account: Account) -> list[Body]:
        """Return the cabinets of the account."""
        return _list(self._get(account, "/devices"))

    def device(self, account: Account, device: str) -> Body:
        """Return one cabinet with its lockers, as it was last heard of."""
        path = f"/devices/{_part(device)}"
        return _object(self._get(account, path, {"extend": "lockers"}))

    def keys(self, account: Account, device: str) -> list[Body]:
        """Return the keys of a cabinet."""
        return self._listed(account, f"/devices/{_part(device)}/keys")

    def last_of(self, account: Account, device: str, key: str) -> Body:
        """Return the last event of a key."""
        path = f"/keys/{_part(key)}/status"
        return _object(self._get(account, path, {"deviceId": device}))

    def contracts(self, account: Account, device: str) -> list[Body]:
        """Return all contracts of a cabinet: there is no other way to find one."""
        return self._listed(account, f"/devices/{_part(device)}/contracts")

    def make(self, account: Account, contract: Body) -> Body:
        """Return what a new contract was given: its `id` and `pincode`."""
        return _object(self._order(account, "POST", "/contracts", contract))

    def change(self, account: Account, ref: str, contract: Body) -> None:
        """Let a contract be as it is said here."""
        self._order(account, "POST", f"/contracts/{_part(ref)}", contract)

    def delete(self, account: Account, ref: str) -> None:
        """Delete a contract."""
        self._order(account, "DELETE", f"/contracts/{_part(ref)}")

    def _listed(self, account: Account, path: str) -> list[Body]:
        """Return the list; that there is nothing to list is told as a refusal."""
        try:
            return _list(self._get(account, path))
        except Absent:
            return []

    def _get(self, account: Account, path: str, params: Params | None = None) -> object:
        def send(headers: Headers) -> Reply:
            url = f"{account.api_url}{path}"
            return self._http.read(url, headers=headers, params=params)

        return done(self._send(account, send), wrote=False)

    def _order(
        self, account: Account, method: str, path: str, body: Body | None = None
    ) -> object:
        def send(headers: Headers) -> Reply:
            url = f"{account.api_url}{path}"
            return self._http.order(method, url, headers=headers, json=body)

        return done(self._send(account, send), wrote=True)

    def _send(self, account: Account, send: Callable[[Headers], Reply]) -> Reply:
        token = self._tokens.token(account)
        reply = send(_bearer(token))
        if reply.status != UNAUTHORIZED:
            return reply
        if not self._lives(account, token):
            token = self._tokens.token(account, refused=token)
        return send(_bearer(token))

    def _lives(self, account: Account, token: Secret) -> bool:
        url = f"{account.api_url}/devices"
        return self._http.read(url, headers=_bearer(token)).status != UNAUTHORIZED


def _bearer(token: Secret) -> Headers:
    return {"Authorization": f"Bearer {token.reveal()}"}


def _list(found: object) -> list[Body]:
    if not isinstance(found, list):
        raise VendorBusy("LivionKey: its list is none; if this goes on, check api_url")
    return [each for each in found if isinstance(each, dict)]


def _object(found: object) -> Body:
    return found if isinstance(found, dict) else {}


def _part(text: str) -> str:
    return quote(text, safe="")
