"""HTTP calls to one vendor, and the tokens that vendors give to accounts.

Invariants: a call ends in an answer, in `VendorBusy` when the vendor cannot have acted,
or in `VendorUnknown` when it may have. The time limit holds for the whole answer, from
its first byte to its last, and so does the limit of its size. Only calls that change
nothing are repeated here. A token is fetched once and shared by all threads until it
expires or is refused; while one thread fetches it, the others of that account wait.
It is kept where it outlives the process, if there is such a place. What an answer
means, and how a token is fetched, is decided in the vendor's folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from socket import socket
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from requests import PreparedRequest, RequestException, Response
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.exceptions import ConnectTimeout, ContentDecodingError
from requests.utils import default_headers
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    LocationParseError,
    MaxRetryError,
    NewConnectionError,
    SSLError,
)
from urllib3.util import Retry

from service.clock import now
from service.ports import (
    CredentialsRefused,
    VendorBusy,
    VendorError,
    VendorRefused,
    VendorUnknown,
)
from service.secret import Secret
from serving.deadlines import TimedAnswer

if TYPE_CHECKING:
    from service.vendors import AllowedHosts

CONNECT_SECONDS: Final = 5.0
LARGEST_ANSWER: Final = 4 * 1024 * 1024
"""How many bytes an answer may have, after decompression."""

STEP: Final = 64 * 1024
LONGEST_RETRY_AFTER: Final = timedelta(days=1)
NEVER_SENT: Final = (NewConnectionError, ConnectTimeoutError, SSLError)
ESCAPED: Final = "\\u"
"""How JSON writes what no database takes: nothing else in it can mean that."""

ALWAYS_SAID: Final = dict(default_headers())


@dataclass(frozen=True, slots=True)
class Reply:
    """A vendor's answer; `body` is its JSON, None where it was none.

    `text` is what stood there, for vendors that answer in words.
    """

    status: int
    body: object = None
    retry_after: timedelta | None = None
    text: str = field(default="", repr=False)


def open_transport(hosts: AllowedHosts | None = None) -> BaseAdapter:
    """Return a connection pool for many threads, which repeats a lost GET once.

    With `hosts` it connects to no address that they do not allow.
    """
    again = Retry(total=1, status=0, redirect=0, other=0, allowed_methods={"GET"})
    transport = HTTPAdapter(8, 32, max_retries=again)
    pools = {"http": _guarded(_Pool, hosts), "https": _guarded(_TlsPool, hosts)}
    transport.poolmanager.pool_classes_by_scheme = pools
    return transport


class _Connection(HTTPConnection):
    response_class = TimedAnswer


class _TlsConnection(HTTPSConnection):
    response_class = TimedAnswer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def _guarded(
    pool: type[HTTPConnectionPool], hosts: AllowedHosts | None
) -> type[HTTPConnectionPool]:
    """Return the pool with connections that reach allowed addresses alone."""
    if hosts is None:
        return pool
    allowed = hosts

    # Any: the base is one of the two connections, known when this runs
    class Connection(pool.ConnectionCls):  # type: ignore[name-defined,misc]
        def _new_conn(self) -> socket:
            try:
                allowed.check_addresses(self.host, self.port)
                made: socket = super()._new_conn()
                allowed.check_address(self.host, made.getpeername()[0])
            except OSError as refused:
                raise NewConnectionError(self, str(refused)) from refused
            return made

    return type("Pool", (pool,), {"ConnectionCls": Connection})


class _PlainRequest(PreparedRequest):
    """A request without cookies, whose URL is checked and written once for all calls.

    To find out what a call has none of is two thirds of preparing it.
    """

    def prepare_cookies(self, cookies: object) -> None:
        """Add none."""

    def prepare_url(self, url: Any, params: Any) -> None:
        """Take the URL with its parameters, as requests writes it."""
        self.url = _written(url, tuple((params or {}).items()))

    def prepare_auth(self, auth: Any, url: str = "") -> None:
        """Add what is given; a URL that holds none has none to add."""
        if auth or "@" in url:
            super().prepare_auth(auth, url)


@lru_cache(maxsize=1024)
def _written(url: str, params: tuple[tuple[str, str], ...]) -> str:
    request = PreparedRequest()
    request.prepare_url(url, dict(params))
    return request.url or ""


class VendorHttpClient:
    """Calls one vendor, with a time limit for each answer."""

    def __init__(self, transport: BaseAdapter, timeout_seconds: float = 20.0) -> None:
        self._transport = transport
        self.hosts: AllowedHosts | None = None
        """Which hosts may be called; None allows any, for a simulated network."""
        self.kept_tokens: KeptTokens | None = None
        """Where tokens are kept beside this process; None keeps them nowhere else."""
        self._timeout = (min(CONNECT_SECONDS, timeout_seconds), timeout_seconds)

    def read(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a GET; a lost answer is `VendorBusy`, since nothing was changed."""
        return self._call("GET", url, acts=False, headers=headers, params=params)

    def write(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
        basic: tuple[str, str] | None = None,
    ) -> Reply:
        """Send a POST; a lost answer is `VendorUnknown`."""
        return self._call(
            "POST", url, acts=True, headers=headers, json=json, data=form, auth=basic
        )

    def order(
        self, method: str, url: str, *, headers: Mapping[str, str], json: object = None
    ) -> Reply:
        """Send a POST, PUT or DELETE; a lost answer is `VendorUnknown`."""
        return self._call(method, url, acts=True, headers=headers, json=json)

    # Any: the options are those of requests, passed on as they are.
    def _call(
        self,
        method: str,
        url: str,
        *,
        acts: bool,
        headers: Mapping[str, str] | None,
        **options: Any,
    ) -> Reply:
        said = {**ALWAYS_SAID, **(headers or {})}
        if self.hosts is not None:
            self.hosts.check(url)
        try:
            request = _PlainRequest()
            request.prepare(method, url, headers=said, **options)
            answer = self._transport.send(request, stream=True, timeout=self._timeout)
            with closing(answer):
                return _reply(answer)
        except RequestException as error:
            raise _lost(url, error, acted=acts) from error
        except LocationParseError as error:  # which requests lets through
            raise _no_url(url) from error
        except UnicodeEncodeError as error:
            raise CredentialsRefused(
                "a credential holds a letter that HTTP cannot send; copy it anew"
            ) from error


def _lost(url: str, error: RequestException, *, acted: bool) -> VendorError:
    """Return the error for a call without an answer; it names only the host."""
    if isinstance(error, ValueError):  # an invalid URL, which was never called
        return _no_url(url)
    host = urlsplit(url).hostname
    if _never_sent(error):
        return VendorBusy(f"{host} could not be reached")
    if acted:
        return VendorUnknown(f"the answer of {host} was lost; it may have acted")
    return VendorBusy(f"{host} did not answer")


def _no_url(url: str) -> VendorError:
    return VendorRefused(f"{url!r} is not a URL that can be called; correct it")


def _never_sent(error: RequestException) -> bool:
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    return isinstance(error, ConnectTimeout) or isinstance(reason, NEVER_SENT)


def _reply(response: Response) -> Reply:
    """Return the whole answer; an incomplete one is a `RequestException`."""
    text = _content(response).decode("utf-8-sig", errors="replace")
    try:
        body = json.loads(text)
        body = _storable(body) if ESCAPED in text else body
    except (ValueError, RecursionError):
        body = None
    retry_after = _retry_after(response.headers.get("Retry-After", ""))
    return Reply(response.status_code, body, retry_after, text)


def _storable(value: object) -> object:
    """Return the JSON with text that a database takes: no NUL, no lone surrogates."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode(errors="replace").decode()
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(each) for name, each in value.items()}
    return value


def _content(response: Response) -> bytes:
    """Return the body, read in steps; one that is too large is not read to its end."""
    content = bytearray()
    for part in response.iter_content(STEP):
        content += part
        if len(content) > LARGEST_ANSWER:
            raise ContentDecodingError("the answer is too large")
    return bytes(content)


def _retry_after(text: str) -> timedelta | None:
    """Return the wait of a Retry-After header, seconds or a date; None if malformed."""
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return timedelta(
            seconds=min(int(text[:9]), LONGEST_RETRY_AFTER.total_seconds())
        )
    try:
        wait = parsedate_to_datetime(text) - now()
    except (ValueError, TypeError):
        return None
    return min(max(wait, timedelta()), LONGEST_RETRY_AFTER)


MOST_ACCOUNTS: Final = 10_000
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


class HasLogin(Protocol):
    """An account of a vendor that gives tokens."""

    @property
    def login(self) -> Secret:
        """All that tells its login from any other: where, who and the password."""


Account = TypeVar("Account", bound=HasLogin)


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
