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
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from service import vendor_kit as kit
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
from service.secret import Secret
from service.vendor_http import Reply
from service.vendors.livionkey.mapping import Contract, contract_of

OK: Final = 200
REFUSED: Final = 400


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
MEANINGS: Final[dict[int, kit.Meaning]] = {
    400: (VendorRefused, "it does not take this order"),
    401: (VendorRefused, "this account may not see that device or key; check its ids"),
    403: (CredentialsRefused, "it does not take the account's token"),
    408: (VendorBusy, "it took too long"),
    409: (VendorBusy, "the device is busy"),
    429: (VendorBusy, "it was asked too often"),
}


def done(reply: Reply, *, wrote: bool) -> object:
    """Return the body of an answer that says yes; raise what any other one means."""
    if reply.status == OK:
        if wrote and reply.text.lstrip().startswith("<"):
            raise VendorUnknown("LivionKey: a page said yes, not the vendor")
        return reply.body
    error, meaning = _meaning(reply, wrote=wrote)
    raise error(f"LivionKey: {meaning} ({_reason(reply)})", reply.retry_after)


def _reason(reply: Reply) -> str:
    return f"{reply.status}: {words(reply)}".rstrip(": ")


def words(reply: Reply) -> str:
    """Return the vendor's own words, short and in one line."""
    body = reply.body
    said = body if isinstance(body, str) else kit.text_in(body, "message") or reply.text
    return kit.short(said)


def _meaning(reply: Reply, *, wrote: bool) -> kit.Meaning:
    said = words(reply) if reply.status == REFUSED else ""
    for beginning, error, meaning in SENTENCES:
        if said.startswith(beginning):
            return error, meaning
    return kit.meaning_of(reply.status, MEANINGS, wrote=wrote)


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


@dataclass(frozen=True, slots=True)
class Account:
    """Whose keys are meant, and where they are asked for; no ids means all."""

    email: str
    password: Secret
    api_url: str
    device_ids: frozenset[str] = frozenset()
    lock_ids: frozenset[str] = frozenset()

    @property
    def login(self) -> Secret:
        """Return who signs in where; the ids make no difference to that."""
        return Secret(f"{self.api_url} {self.email} {self.password.reveal()}")


def account_of(credentials: Credentials) -> Account:
    """Return the account of a connection's credentials."""
    values = kit.given(credentials, FIELDS, missing="ask Livion for API access")
    _check_secret(values["webhook_secret"].reveal())
    return Account(
        email=values["email"],
        password=values["password"],
        api_url=values["api_url"],
        device_ids=_ids(values["device_ids"]),
        lock_ids=_ids(values["lock_ids"]),
    )


def _check_secret(webhook_secret: str) -> None:
    """Refuse a secret that no signature could ever match."""
    try:
        b64decode(webhook_secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        raise CredentialsRefused(
            "webhook_secret is no base64; copy it whole, as whsec_ and 32 letters"
        ) from None


def _good_until(body: object, asked_at: datetime) -> datetime:
    """Return when to fetch the next one: a little before this one runs out.

    The vendor names an instant by its own clock. Where that is not ours, the token
    is used for a few minutes at least, and is renewed once it is refused.
    """
    latest = asked_at + HOLDS
    try:
        expires = parsedate_to_datetime(kit.text_in(body, "expirationTime"))
    except ValueError:
        expires = latest
    if expires.tzinfo is None:
        expires = expires.replace(tzinfo=UTC)
    return max(min(expires, latest) - EARLY, asked_at + EARLY)


def _ids(text: str) -> frozenset[str]:
    """Return the ids of a list that somebody typed, with commas, spaces or lines."""
    return frozenset(text.replace(",", " ").replace(";", " ").split())


class Client(kit.TokenClient[Account]):
    """Calls LivionKey for any account; safe to share between threads."""

    def devices(self, account: Account) -> list[kit.Body]:
        """Return the cabinets of the account."""
        return kit.objects(self._get(account, "/devices"), "LivionKey")

    def device(self, account: Account, device: str) -> kit.Body:
        """Return one cabinet with its lockers, as last reported."""
        path = f"/devices/{kit.part(device)}"
        return kit.object_in(self._get(account, path, {"extend": "lockers"}))

    def keys(self, account: Account, device: str) -> list[kit.Body]:
        """Return the keys of a cabinet."""
        return self._listed(account, f"/devices/{kit.part(device)}/keys")

    def last_of(self, account: Account, device: str, key: str) -> kit.Body:
        """Return the last event of a key."""
        path = f"/keys/{kit.part(key)}/status"
        return kit.object_in(self._get(account, path, {"deviceId": device}))

    def contracts(self, account: Account, device: str) -> list[Contract]:
        """Return all contracts of a cabinet: there is no other way to find one."""
        rows = self._listed(account, f"/devices/{kit.part(device)}/contracts")
        return [each for each in map(contract_of, rows) if each]

    def make(self, account: Account, contract: kit.Body) -> kit.Body:
        """Return what a new contract was given: its `id` and `pincode`."""
        return kit.object_in(self._order(account, "POST", "/contracts", contract))

    def change(self, account: Account, ref: str, contract: kit.Body) -> None:
        """Change a contract to what is given here."""
        self._order(account, "POST", f"/contracts/{kit.part(ref)}", contract)

    def delete(self, account: Account, ref: str) -> None:
        """Delete a contract."""
        self._order(account, "DELETE", f"/contracts/{kit.part(ref)}")

    def _listed(self, account: Account, path: str) -> list[kit.Body]:
        """Return the list; the vendor refuses where there is nothing to list."""
        try:
            return kit.objects(self._get(account, path), "LivionKey")
        except Absent:
            return []

    def _get(
        self, account: Account, path: str, params: Mapping[str, str] | None = None
    ) -> object:
        def send(headers: kit.Headers) -> Reply:
            url = f"{account.api_url}{path}"
            return self._http.read(url, headers=headers, params=params)

        return done(self._send(account, send), wrote=False)

    def _order(
        self, account: Account, method: str, path: str, body: kit.Body | None = None
    ) -> object:
        def send(headers: kit.Headers) -> Reply:
            url = f"{account.api_url}{path}"
            return self._http.order(method, url, headers=headers, json=body)

        return done(self._send(account, send), wrote=True)

    def _fetch(self, account: Account) -> tuple[Secret, datetime]:
        """Return a fresh token, and until when to use it.

        Asked too often, Livion gives none for minutes.
        """
        asked_at = now()
        login = {"email": account.email, "password": account.password.reveal()}
        url = f"{account.api_url}/auth/login"
        reply = kit.ask_for_token(lambda: self._http.write(url, json=login))
        token = kit.text_in(reply.body, "token")
        if reply.status == OK and token:
            return Secret(token), _good_until(reply.body, asked_at)
        reason = _reason(reply)
        raise kit.no_token(
            reply,
            f"LivionKey gives no token to this account ({reason}); "
            "check email, password and api_url",
            f"LivionKey gave no token ({reason})",
        )

    def _lives(self, account: Account, token: Secret) -> bool:
        url = f"{account.api_url}/devices"
        reply = self._http.read(url, headers=kit.bearer(token))
        return reply.status != kit.UNAUTHORIZED
