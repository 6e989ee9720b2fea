"""What the vendors' folders share: credentials, answers, tokens, and texts of JSON.

Invariants: nothing here knows a vendor. What a status means stands in the vendor's own
table, `MEANINGS`; one that the table lacks means what its class of statuses does. A
token is fetched once and shared by all threads until it expires or is refused; while
one thread fetches it, the others of that account wait. It is kept where it outlives the
process, if there is such a place. One that is refused is renewed once, never in a loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Final, Generic, Protocol, TypeVar
from urllib.parse import quote, urljoin

from service.clock import now
from service.domain.messages import one_line
from service.ports import (
    CredentialField,
    Credentials,
    CredentialsRefused,
    VendorBusy,
    VendorError,
    VendorUnknown,
)
from service.secret import Secret, reveal
from service.vendor_http import Reply, VendorHttpClient

Body = Mapping[str, object]
Headers = Mapping[str, str]
Meaning = tuple[type[VendorError], str]

LONGEST_TEXT: Final = 200
"""How many characters of a vendor's own words an error repeats at most."""

UNAUTHORIZED: Final = 401
SCHEMES: Final = ("https://", "http://")
URL_FIELD: Final = "_url"
API_URL: Final = "api_url"


MOST_ACCOUNTS: Final = 10_000
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


class HasLogin(Protocol):
    """An account of a vendor that gives tokens."""

    @property
    def login(self) -> Secret:
        """All that tells its login from any other: where, who and the password."""


Account = TypeVar("Account", bound=HasLogin)


def given(
    credentials: Credentials, fields: Iterable[CredentialField], *, missing: str
) -> dict[str, Any]:  # a `Secret` where the field is one, else text
    """Return the credentials by field, with defaults in the gaps.

    Raise `CredentialsRefused` for a required one that is not there, with `missing` as
    where to get it, and for a URL that is none.
    """
    values: dict[str, Any] = {}
    for each in fields:
        text = reveal(credentials.get(each.name, "")).strip() or each.default or ""
        if not (text or each.optional):
            raise CredentialsRefused(f"{each.name} is missing; {missing}")
        if each.name.endswith(URL_FIELD) and not text.startswith(SCHEMES):
            raise CredentialsRefused(
                f"{each.name} is {text!r}; it starts with https://"
            )
        plain = text.rstrip("/") if each.name == API_URL else text
        values[each.name] = Secret(text) if each.secret else plain
    return values


def meaning_of(
    status: int,
    meanings: Mapping[int, Meaning],
    *,
    wrote: bool,
    unclear: str = "it is not clear whether it took the order",
) -> Meaning:
    """Return the error that a status other than success is, and its meaning.

    After a call that `wrote`, an answer that says neither yes nor no is unknown.
    """
    if status in meanings:
        return meanings[status]
    match status // 100:
        case 4:
            return meanings[400]
        case 3:
            return VendorBusy, "it points elsewhere; check api_url"
    if wrote:
        return VendorUnknown, unclear
    return VendorBusy, "it has a problem of its own"


def bearer(token: Secret) -> Headers:
    """Return the headers of a call with this token."""
    return {"Authorization": f"Bearer {token.reveal()}"}


class TokenClient(Generic[Account]):
    """Calls a vendor that takes tokens; safe to share between threads."""

    def __init__(self, http: VendorHttpClient) -> None:
        self._http = http
        self._tokens = Tokens(self._fetch, http.kept_tokens)

    def sign_in(self, account: Account) -> None:
        """Sign in with the credentials themselves, not with an old token."""
        self.sign_out(account)
        self._tokens.token(account)

    def sign_out(self, account: Account) -> None:
        """Forget the account's token."""
        self._tokens.invalidate(account)

    def _fetch(self, account: Account) -> tuple[Secret, datetime]:
        """Return a fresh token, and until when to use it."""
        raise NotImplementedError  # each vendor with tokens has its own way

    def _lives(self, account: Account, token: Secret) -> bool:
        """Return whether a token is still taken, though a call with it was not."""
        del self, account, token
        return False

    def _send(self, account: Account, send: Callable[[Headers], Reply]) -> Reply:
        """Return the answer; after a 401 the call is repeated once.

        It is repeated with a new token, unless the old one lives.
        """
        token = self._tokens.token(account)
        reply = send(bearer(token))
        if reply.status != UNAUTHORIZED:
            return reply
        if not self._lives(account, token):
            token = self._tokens.token(account, refused=token)
        return send(bearer(token))


def ask_for_token(ask: Callable[[], Reply]) -> Reply:
    """Ask; asking twice does no harm, so a lost answer is `VendorBusy`."""
    try:
        return ask()
    except VendorUnknown as lost:
        raise VendorBusy(lost.reason) from lost


def no_token(reply: Reply, refused: str, busy: str) -> VendorError:
    """Return the error for an answer without a token, in one of the two sentences."""
    again = reply.status in (408, 425, 429)
    if 400 <= reply.status < 500 and not again:  # noqa: PLR2004 - the class of refusals
        return CredentialsRefused(refused)
    return VendorBusy(busy, reply.retry_after)


def text_in(body: object, name: str) -> str:
    """Return a text field of an answer, empty where there is none."""
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""


def objects(found: object, vendor: str, what: str = "list") -> list[Body]:
    """Return the objects of a list; `VendorBusy` where the answer is none."""
    if not isinstance(found, list):
        raise VendorBusy(
            f"{vendor}: its {what} is none; if this goes on, check api_url"
        )
    return [each for each in found if isinstance(each, dict)]


def object_in(found: object, name: str | None = None) -> Body:
    """Return the object, or the one in its field of that name; empty where none is."""
    if name is not None:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def instant(text: object) -> datetime | None:
    """Return the instant in UTC, None for what is none."""
    with suppress(ValueError):
        at = datetime.fromisoformat(str(text))
        return at.astimezone(UTC) if at.tzinfo else None
    return None


def with_page(
    place: str,
    ref: str,
    api_url: str,
    fields: Iterable[CredentialField],
    page: str = "",
) -> str:
    """Return the place, followed by the address of its page where one is known.

    A server that stands in for the vendor's is asked at its root for what `ref` names.
    """
    usual = next(each.default for each in fields if each.name == API_URL)
    if api_url.rstrip("/") != usual:
        page = urljoin(api_url, f"/?ref={quote(ref, safe='')}")
    return f"{place}, {page}" if page else place


def short(words: str) -> str:
    """Return the vendor's own words in one line, cut where they are long."""
    return " ".join(words.split())[:LONGEST_TEXT]


LONGEST_LABEL: Final = 60


def label(text: str) -> str:
    """Return the text as the label of a code: one line, never empty."""
    return one_line(text)[:LONGEST_LABEL].strip() or "access"


def part(text: str) -> str:
    """Return the text as one part of a URL's path."""
    return quote(text, safe="")


class KeptTokens(Protocol):
    """Where tokens outlive a process, and processes log in one at a time."""

    def find(
        self, login: Secret, refused: Secret | None
    ) -> tuple[Secret, datetime] | None:
        """Return a token and its end; after None the caller calls `keep` or `fail`.

        Raise `VendorBusy` while another process logs in.
        """

    def keep(self, login: Secret, token: Secret, good_until: datetime) -> None:
        """Store what the login brought."""

    def fail(self, login: Secret, retry_after: timedelta | None) -> None:
        """Say that it brought nothing, and how long the vendor asked to wait."""

    def drop(self, login: Secret) -> None:
        """Delete the login's token."""


@dataclass(slots=True)
class _Slot:
    """One account's token; the lock is held while a new one is fetched."""

    token: Secret | None = None
    good_until: datetime = LONG_AGO
    lock: Lock = field(default_factory=Lock)


class Tokens(Generic[Account]):
    """Cache of tokens by login; `fetch` returns one and when it expires."""

    def __init__(
        self,
        fetch: Callable[[Account], tuple[Secret, datetime]],
        kept: KeptTokens | None = None,
    ) -> None:
        self._fetch = fetch
        self._kept = kept
        self._lock = Lock()
        self._slots: dict[Secret, _Slot] = {}

    def token(self, account: Account, *, refused: Secret | None = None) -> Secret:
        """Return a valid token other than the one that was `refused`."""
        slot = self._slot(account.login)
        with slot.lock:
            if slot.token in (None, refused) or now() >= slot.good_until:
                slot.token, slot.good_until = self._kept_or_new(account, refused)
            return slot.token

    def invalidate(self, account: Account) -> None:
        """Drop the account's token, so that its credentials are used again."""
        with self._lock:
            self._slots.pop(account.login, None)
        if self._kept:
            self._kept.drop(account.login)

    def _kept_or_new(
        self, account: Account, refused: Secret | None
    ) -> tuple[Secret, datetime]:
        if self._kept is None:
            return self._fetch(account)
        if found := self._kept.find(account.login, refused):
            return found
        try:
            token, good_until = self._fetch(account)
        except Exception as error:
            self._kept.fail(account.login, getattr(error, "retry_after", None))
            raise
        self._kept.keep(account.login, token, good_until)
        return token, good_until

    def _slot(self, login: Secret) -> _Slot:
        with self._lock:
            if len(self._slots) >= MOST_ACCOUNTS and login not in self._slots:
                del self._slots[next(iter(self._slots))]
            return self._slots.setdefault(login, _Slot())
