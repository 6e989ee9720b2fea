"""LivionKey's older interface: the account, its tokens, one method a call.

Nearly all refusals are a 400 with a sentence, as plain text or as a JSON string.

Invariants: a call returns what the vendor said yes with (200), or raises one of the
errors of `service.ports`. A sentence is recognised by how it begins, never as a whole
(`SENTENCES`). A 401 says either that the token is dead or that the account has no right
to what was asked for. The list of devices, which every account may read, tells which: a
dead token is renewed, a live one is not, and the call is repeated once and never again.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from service.clock import now
from service.ports import (
    CredentialField,
    Credentials,
    CredentialsRefused,
    LockTaken,
    PinTaken,
    VendorBusy,
    VendorError,
    VendorRefused,
    VendorUnknown,
)
from service.secret import Secret, reveal
from service.vendor_http import Tokens

if TYPE_CHECKING:
    from datetime import datetime

    from service.vendor_http import Reply, VendorHttpClient


OK: Final = 200
REFUSED: Final = 400
LONGEST_TEXT: Final = 200


class Absent(VendorRefused):
    """There is no such contract, or no keys at such a device."""


class Doubled(VendorRefused):
    """There is a contract of this name already."""


class KeyIsOut(VendorRefused):
    """A contract is not deleted while its key is out."""


class TooLate(VendorRefused):
    """A contract cannot begin in the past."""


SENTENCES: Final[tuple[tuple[str, type[VendorError], str], ...]] = (
    ("Overlapping contract", LockTaken, "the key has another contract in that time"),
    ("Pincode already used", PinTaken, "the cabinet has this PIN for somebody else"),
    ("ContractId already in use", Doubled, "it has a contract of this name already"),
    ("Start time should be in the future", TooLate, "the start is over"),
    ("Contract not found", Absent, "it knows no such contract"),
    ("Device keys not found", Absent, "the device has no keys"),
    ("Delete contract failed", KeyIsOut, "a key of the contract is out"),
    ("KeyId not found", VendorRefused, "it knows no such key; refresh the locks"),
    ("no such key", VendorRefused, "it knows no such key; refresh the locks"),
    ("Device not found", VendorRefused, "it knows no such device; refresh the locks"),
)
MEANINGS: Final[dict[int, tuple[type[VendorError], str]]] = {
    401: (VendorRefused, "this account may not see that device or key; check its ids"),
    403: (CredentialsRefused, "it does not take the account's token"),
    408: (VendorBusy, "it took too long"),
    409: (VendorBusy, "the device is busy"),
    429: (VendorBusy, "it was asked too often"),
}


def done(reply: Reply, *, wrote: bool) -> object:
    """Return the body of an answer that says yes; raise what any other one means."""
    if reply.status == OK:
        return reply.body
    error, meaning = _meaning(reply, wrote=wrote)
    answer = f"{reply.status}: {words(reply)}".rstrip(": ")
    raise error(f"LivionKey: {meaning} ({answer})", reply.retry_after)


def words(reply: Reply) -> str:
    """Return the vendor's own words, short and in one line."""
    body = reply.body
    said = body if isinstance(body, str) else text_in(body, "message") or reply.text
    return " ".join(said.split())[:LONGEST_TEXT]


def text_in(body: object, name: str) -> str:
    """Return a text field of an answer, empty where there is none."""
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""


def _meaning(reply: Reply, *, wrote: bool) -> tuple[type[VendorError], str]:
    said = words(reply) if reply.status == REFUSED else ""
    for beginning, error, meaning in SENTENCES:
        if said.startswith(beginning):
            return error, meaning
    return MEANINGS.get(reply.status) or _unlisted(reply.status, wrote=wrote)


def _unlisted(status: int, *, wrote: bool) -> tuple[type[VendorError], str]:
    if 400 <= status < 500:  # noqa: PLR2004
        return VendorRefused, "it does not take this order"
    if 300 <= status < 400:  # noqa: PLR2004
        return VendorBusy, "it points elsewhere; check api_url"
    if wrote:
        return VendorUnknown, "it is not clear whether it took the order"
    return VendorBusy, "it has a problem of its own"


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
    _check_secret(given.get("webhook_secret", ""))
    return Account(
        email=given["email"],
        password=Secret(given["password"]),
        api_url=url.rstrip("/"),
        device_ids=_ids(given.get("device_ids", "")),
        lock_ids=_ids(given.get("lock_ids", "")),
    )


def _check_secret(webhook_secret: str) -> None:
    """Refuse a secret that no signature could ever match."""
    try:
        b64decode(webhook_secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        raise CredentialsRefused(
            "webhook_secret is no base64; copy it whole, as whsec_ and 32 letters"
        ) from None


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
        reason = f"{reply.status}: {words(reply)}".rstrip(": ")
        if 400 <= reply.status < 500 and reply.status not in (408, TOO_MANY):  # noqa: PLR2004
            raise CredentialsRefused(
                f"LivionKey gives no token to this account ({reason}); "
                "check email, password and api_url"
            )
        raise VendorBusy(f"LivionKey gave no token ({reason})", reply.retry_after)

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
        expires = parsedate_to_datetime(text_in(body, "expirationTime"))
    except ValueError:
        expires = latest
    if expires.tzinfo is None:
        expires = expires.replace(tzinfo=UTC)
    return max(min(expires, latest) - EARLY, asked_at + EARLY)


def _ids(text: str) -> frozenset[str]:
    """Return the ids of a list that somebody typed, with commas, spaces or lines."""
    return frozenset(text.replace(",", " ").replace(";", " ").split())


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
        """Sign in with the credentials themselves, not with an old token."""
        self._tokens.invalidate(account)
        self._tokens.token(account)

    def devices(self, account: Account) -> list[Body]:
        """Return the cabinets of the account."""
        return _list(self._get(account, "/devices"))

    def device(self, account: Account, device: str) -> Body:
        """Return one cabinet with its lockers, as last reported."""
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
        """Change a contract to what is given here."""
        self._order(account, "POST", f"/contracts/{_part(ref)}", contract)

    def delete(self, account: Account, ref: str) -> None:
        """Delete a contract."""
        self._order(account, "DELETE", f"/contracts/{_part(ref)}")

    def _listed(self, account: Account, path: str) -> list[Body]:
        """Return the list; the vendor refuses where there is nothing to list."""
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
