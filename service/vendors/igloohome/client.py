"""igloohome's HTTP interface: one method a call, and nothing but HTTP.

Invariants: every method returns what the vendor said yes with, or raises one of the
errors of `service.ports`. A token that is refused is renewed once, never in a loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from service.ports import VendorBusy, VendorUnknown
from service.secret import Secret
from service.tokens import Tokens
from service.vendors.igloohome.account import Account, TokenFetcher
from service.vendors.igloohome.answers import done, text_in

if TYPE_CHECKING:
    from service.vendor_http import Reply, VendorHttpClient

UNAUTHORIZED: Final = 401
MOST_PAGES: Final = 1000

Device = Mapping[str, object]
Headers = Mapping[str, str]


class Client:
    """Calls igloohome for any account; safe to share between threads."""

    def __init__(self, http: VendorHttpClient) -> None:
        self._http = http
        self._tokens: Tokens[Account] = Tokens(TokenFetcher(http).fetch)

    def sign_in(self, account: Account) -> None:
        """Return once the vendor took the credentials themselves, not an old token."""
        self._tokens.invalidate(account)
        self._tokens.token(account)

    def devices(self, account: Account) -> list[Device]:
        """Return all devices, page by page until the cursor is empty."""
        found: list[Device] = []
        cursors = [""]
        while len(cursors) <= MOST_PAGES:
            page = self._get(account, "/devices", cursors[-1])
            found += _payload(page)
            cursor = text_in(page, "nextCursor")
            if not cursor:
                return found
            if cursor in cursors:
                break
            cursors.append(cursor)
        raise VendorBusy("igloohome: its list of devices has no end; try again later")

    def make_pin(
        self, account: Account, device: str, kind: str, order: Mapping[str, object]
    ) -> tuple[Secret, str]:
        """Return an algoPIN and its id; the same order again gives the same PIN."""
        url = f"{account.api_url}/devices/{_part(device)}/algopin/{kind}"
        reply = self._send(
            account, lambda headers: self._http.write(url, headers=headers, json=order)
        )
        body = done(reply, wrote=True)
        pin = text_in(body, "pin")
        if not (pin.isascii() and pin.isdigit()):
            raise VendorUnknown(
                "igloohome: it said yes without a PIN of digits; it may have made one"
            )
        return Secret(pin), text_in(body, "pinId")

    def master_pin(self, account: Account, device: str) -> object:
        """Return the answer about the master PIN, whose shape is not published."""
        return self._get(account, f"/devices/{_part(device)}/masterpin")

    def _get(self, account: Account, path: str, cursor: str = "") -> object:
        url, params = f"{account.api_url}{path}", {"cursor": cursor} if cursor else None
        reply = self._send(
            account,
            lambda headers: self._http.read(url, headers=headers, params=params),
        )
        return done(reply, wrote=False)

    def _send(self, account: Account, send: Callable[[Headers], Reply]) -> Reply:
        token = self._tokens.token(account)
        reply = send(_bearer(token))
        if reply.status != UNAUTHORIZED:
            return reply
        return send(_bearer(self._tokens.token(account, refused=token)))


def _bearer(token: Secret) -> Headers:
    return {"Authorization": f"Bearer {token.reveal()}"}


def _payload(page: object) -> list[Device]:
    payload = page.get("payload") if isinstance(page, dict) else None
    if not isinstance(payload, list):
        raise VendorBusy(
            "igloohome: its list of devices is none; if this goes on, check api_url"
        )
    return [device for device in payload if isinstance(device, dict)]


def _part(text: str) -> str:
    return quote(text, safe="")
