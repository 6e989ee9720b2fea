"""igloohome's HTTP interface: the account, its tokens, one method a call.

Invariants: a call returns what the vendor said yes with (200), or raises one of the
errors of `service.ports`; `MEANINGS` says which. After a call that makes something, an
answer that says neither yes nor no is unknown: the code may exist. A token that is
refused is renewed once, never in a loop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from service import vendor_kit as kit
from service.clock import now
from service.ports import (
    CredentialField,
    Credentials,
    CredentialsRefused,
    VendorBusy,
    VendorRefused,
    VendorUnknown,
)
from service.secret import Secret
from service.vendor_http import Reply

OK: Final = 200
MEANINGS: Final[dict[int, kit.Meaning]] = {
    400: (VendorRefused, "it does not take this order"),
    401: (CredentialsRefused, "it does not take the client's token"),
    402: (CredentialsRefused, "the account's subscription does not cover this lock"),
    403: (CredentialsRefused, "the client lacks a scope; grant it in the portal"),
    404: (VendorRefused, "it knows no such device, or none with algoPIN"),
    408: (VendorBusy, "it took too long"),
    425: (VendorBusy, "it was asked too early"),
    429: (VendorBusy, "it was asked too often"),
}
UNCLEAR: Final = "it is not clear whether it made the code"


def done(reply: Reply, *, wrote: bool) -> object:
    """Return the body of an answer that says yes; raise what any other one means."""
    if reply.status == OK:
        return reply.body
    error, meaning = kit.meaning_of(
        reply.status, MEANINGS, wrote=wrote, unclear=UNCLEAR
    )
    raise error(f"igloohome: {meaning} ({reason_of(reply)})", reply.retry_after)


def reason_of(reply: Reply) -> str:
    """Return the status and the vendor's own words, short and in one line."""
    words = kit.text_in(reply.body, "message") or kit.text_in(reply.body, "error")
    if reply.body is None:
        words = "an answer that is no JSON"
    said = kit.short(words)
    return f"{reply.status}: {said}" if said else str(reply.status)


def number_in(body: object, name: str) -> float:
    """Return a number of an answer, 0 where there is none."""
    value = body.get(name) if isinstance(body, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return value


FIELDS: Final = (
    CredentialField("client_id", "Client ID"),
    CredentialField("client_secret", "Client secret", secret=True),
    CredentialField(
        "token_url", "Token URL", default="https://auth.igloohome.co/oauth2/token"
    ),
    CredentialField(
        "api_url", "API URL", default="https://api.igloodeveloper.co/igloohome"
    ),
    CredentialField(
        "refresh_token", "Refresh token of a sign-in", secret=True, optional=True
    ),
)
TOKEN_PATH: Final = "/oauth2/token"  # noqa: S105 - a path
# Seen: about 24 hours. Clients that found no `expires_in` fall back to an hour.
USUAL_SECONDS: Final = 3600
LONGEST_SECONDS: Final = 10**8
EARLY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose devices are meant, and where they are asked for.

    They are the client's own, or those of who signed in, whose `refresh_token` it is.
    """

    client_id: str
    client_secret: Secret
    token_url: str
    api_url: str
    refresh_token: Secret

    @property
    def login(self) -> Secret:
        """Return who signs in where."""
        secret = self.client_secret.reveal()
        owner = f" {self.refresh_token.reveal()}" if self.refresh_token else ""
        return Secret(f"{self.token_url} {self.client_id} {secret}{owner}")


def account_of(credentials: Credentials) -> Account:
    """Return the account of a connection's credentials; defaults fill the gaps."""
    where = "the iglooaccess portal shows it beside the client"
    return Account(**kit.given(credentials, FIELDS, missing=where))


def sign_in_page(account: Account, back: str, state: str) -> str:
    """Return the page to sign in at; it stands beside the token URL."""
    asked = {
        "response_type": "code",
        "client_id": account.client_id,
        "redirect_uri": back,
        "state": state,
    }
    beside = account.token_url.removesuffix(TOKEN_PATH)
    return f"{beside}/login?{urlencode(asked)}"


def _lasts(body: object) -> timedelta:
    """Return how long to use a token: a minute less than it holds, or half of that."""
    seconds = number_in(body, "expires_in")
    known = 0 < seconds < LONGEST_SECONDS
    holds = timedelta(seconds=seconds if known else USUAL_SECONDS)
    return max(holds - EARLY, holds / 2)


MOST_PAGES: Final = 1000


class Client(kit.TokenClient[Account]):
    """Calls igloohome for any account; safe to share between threads."""

    def redeem(self, account: Account, back: str, code: str) -> Secret:
        """Return the refresh token that the code of a sign-in is good for, once."""
        form = {
            "grant_type": "authorization_code",
            "client_id": account.client_id,
            "redirect_uri": back,
            "code": code,
        }
        fix = "sign in again, or check client_id, client_secret and token_url"
        token, _ = self._ask(account, form, "refresh_token", fix)
        return Secret(token)

    def devices(self, account: Account) -> list[kit.Body]:
        """Return all devices, page by page until the cursor is empty."""
        found: list[kit.Body] = []
        cursors = [""]
        while len(cursors) <= MOST_PAGES:
            page = self._get(account, "/devices", cursors[-1])
            payload = page.get("payload") if isinstance(page, dict) else None
            found += kit.objects(payload, "igloohome", "list of devices")
            cursor = kit.text_in(page, "nextCursor")
            if not cursor:
                return found
            if cursor in cursors:
                break
            cursors.append(cursor)
        raise VendorBusy("igloohome: its list of devices has no end; try again later")

    def make_pin(
        self, account: Account, device: str, kind: str, order: kit.Body
    ) -> tuple[Secret, str]:
        """Return an algoPIN and its id; the same order again gives the same PIN."""
        url = f"{account.api_url}/devices/{kit.part(device)}/algopin/{kind}"
        reply = self._send(
            account, lambda headers: self._http.write(url, headers=headers, json=order)
        )
        body = done(reply, wrote=True)
        pin = kit.text_in(body, "pin")
        if not (pin.isascii() and pin.isdigit()):
            raise VendorUnknown(
                "igloohome: it said yes without a PIN of digits; it may have made one"
            )
        return Secret(pin), kit.text_in(body, "pinId")

    def master_pin(self, account: Account, device: str) -> object:
        """Return the answer about the master PIN, whose shape is not published."""
        return self._get(account, f"/devices/{kit.part(device)}/masterpin")

    def _get(self, account: Account, path: str, cursor: str = "") -> object:
        url, params = f"{account.api_url}{path}", {"cursor": cursor} if cursor else None
        reply = self._send(
            account,
            lambda headers: self._http.read(url, headers=headers, params=params),
        )
        return done(reply, wrote=False)

    def _fetch(self, account: Account) -> tuple[Secret, datetime]:
        """Return a fresh token, and until when to use it.

        No scope is named: the token then has all that the client owns, while naming
        one that it does not own fails the request.
        """
        asked_at = now()
        form = {"grant_type": "client_credentials"}
        fix = "check client_id, client_secret and token_url"
        if account.refresh_token:
            token = account.refresh_token.reveal()
            form = {"grant_type": "refresh_token", "refresh_token": token}
            fix = f"sign in again, or {fix}"
        token, reply = self._ask(account, form, "access_token", fix)
        return Secret(token), asked_at + _lasts(reply.body)

    def _ask(
        self, account: Account, form: Mapping[str, str], name: str, fix: str
    ) -> tuple[str, Reply]:
        """Return the token of that name that igloohome gives out, and its answer."""
        reply = kit.ask_for_token(
            lambda: self._http.write(
                account.token_url,
                form=form,
                basic=(account.client_id, account.client_secret.reveal()),
            )
        )
        token = kit.text_in(reply.body, name)
        if reply.status == OK and token:
            return token, reply
        reason = reason_of(reply)
        raise kit.no_token(
            reply,
            f"igloohome gives no token to client {account.client_id!r} ({reason}); "
            f"{fix}",
            f"igloohome's token_url gave no token ({reason})",
        )
