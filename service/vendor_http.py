"""HTTP calls to one vendor.

Invariants: a call ends in an answer, in `VendorBusy` when the vendor cannot have acted,
or in `VendorUnknown` when it may have. The time limit holds for the whole answer, from
its first byte to its last, and so does the limit of its size. Only calls that change
nothing are repeated here. What an answer means is decided in the vendor's folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from json import dumps, loads
from socket import socket
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlencode, urlsplit

import certifi
from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    LocationParseError,
    MaxRetryError,
    NewConnectionError,
    SSLError,
)
from urllib3.util import Retry, make_headers, parse_url

from service.clock import now
from service.ports import (
    CredentialsRefused,
    VendorBusy,
    VendorError,
    VendorRefused,
    VendorUnknown,
)
from serving.deadlines import TimedAnswer

if TYPE_CHECKING:
    from service.vendor_kit import KeptTokens
    from service.vendors import AllowedHosts

CONNECT_SECONDS: Final = 5.0
LARGEST_ANSWER: Final = 4 * 1024 * 1024
"""How many bytes an answer may have, after decompression."""

STEP: Final = 64 * 1024
LONGEST_RETRY_AFTER: Final = timedelta(days=1)
NEVER_SENT: Final = (NewConnectionError, ConnectTimeoutError, SSLError)
ESCAPED: Final = "\\u"
"""How JSON writes what no database takes: nothing else in it can mean that."""

JSON: Final = {"Content-Type": "application/json"}
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
ALWAYS_SAID: Final = {
    "Accept": "*/*",
    **make_headers(accept_encoding=True, user_agent="strikeplate"),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A vendor's answer; `body` is its JSON, None where it was none.

    `text` is what stood there, for vendors that answer in words.
    """

    status: int
    body: object = None
    retry_after: timedelta | None = None
    text: str = field(default="", repr=False)


class Transport(Protocol):
    """What carries calls: a pool of connections, or a simulated network."""

    # Any: what urllib3's pools take, by their names
    def urlopen(self, method: str, url: str, **options: Any) -> BaseHTTPResponse:
        """Return the answer, its body still to be read; raise `HTTPError` if lost."""


def open_transport(hosts: AllowedHosts | None = None) -> PoolManager:
    """Return a connection pool for many threads, which repeats a lost GET once.

    With `hosts` it connects to no address that they do not allow.
    """
    again = Retry(
        total=1,
        status=0,
        redirect=0,
        other=0,
        allowed_methods={"GET"},
        respect_retry_after_header=False,  # whoever asked waits, and not here
    )
    transport = PoolManager(8, maxsize=32, retries=again, ca_certs=certifi.where())
    pools = {"http": _guarded(_Pool, hosts), "https": _guarded(_TlsPool, hosts)}
    transport.pool_classes_by_scheme = pools
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


@lru_cache(maxsize=1024)
def _written(url: str, params: tuple[tuple[str, str], ...]) -> str:
    """Return the URL with its parameters; `LocationParseError` if it is none."""
    parsed = parse_url(url)
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise LocationParseError(url)
    query = "&".join(filter(None, (parsed.query, urlencode(params))))
    return parsed._replace(query=query or None).url


class VendorHttpClient:
    """Calls one vendor, with a time limit for each answer."""

    def __init__(self, transport: Transport, timeout_seconds: float = 20.0) -> None:
        self._transport = transport
        self.hosts: AllowedHosts | None = None
        """Which hosts may be called; None allows any, for a simulated network."""
        self.kept_tokens: KeptTokens | None = None
        """Where tokens are kept beside this process; None keeps them nowhere else."""
        connect = min(CONNECT_SECONDS, timeout_seconds)
        self._timeout = Timeout(connect=connect, read=timeout_seconds)

    def read(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a GET; a lost answer is `VendorBusy`, since nothing was changed."""
        return self._call("GET", url, headers, params=tuple((params or {}).items()))

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
        said = dict(headers or {})
        if basic:
            said |= _basic(*basic)
        if form is None:
            return self.order("POST", url, headers=said, json=json)
        return self._call("POST", url, said | FORM, urlencode(form).encode())

    def order(
        self, method: str, url: str, *, headers: Mapping[str, str], json: object = None
    ) -> Reply:
        """Send a POST, PUT or DELETE; a lost answer is `VendorUnknown`."""
        if json is None:
            return self._call(method, url, headers)
        return self._call(method, url, {**headers, **JSON}, dumps(json).encode())

    def _call(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        params: tuple[tuple[str, str], ...] = (),
    ) -> Reply:
        if self.hosts is not None:
            self.hosts.check(url)
        try:
            answer = self._transport.urlopen(
                method,
                _written(url, params),
                body=body,
                headers={**ALWAYS_SAID, **headers},
                timeout=self._timeout,
                redirect=False,
                preload_content=False,
            )
            with _released(answer):
                return _reply(answer)
        except HTTPError as error:
            raise _lost(url, error, acted=method != "GET") from error
        except ValueError as error:  # a letter outside Latin-1, or the end of a line
            raise _unsendable() from error


def _basic(user: str, password: str) -> dict[str, str]:
    try:
        made = make_headers(basic_auth=f"{user}:{password}")
    except UnicodeEncodeError as error:
        raise _unsendable() from error
    return {"Authorization": made["authorization"]}


def _unsendable() -> VendorError:
    return CredentialsRefused(
        "a credential holds a letter that HTTP cannot send; copy it anew"
    )


@contextmanager
def _released(answer: BaseHTTPResponse) -> Iterator[None]:
    """Give the connection back afterwards, closed if the answer was not read whole."""
    try:
        yield
    finally:
        answer.close()
        answer.release_conn()


def _lost(url: str, error: HTTPError, *, acted: bool) -> VendorError:
    """Return the error for a call without an answer; it names only the host."""
    if isinstance(error, ValueError):  # an invalid URL, which was never called
        return VendorRefused(f"{url!r} is not a URL that can be called; correct it")
    host = urlsplit(url).hostname
    reason = error.reason if isinstance(error, MaxRetryError) else error
    if isinstance(reason, NEVER_SENT):
        return VendorBusy(f"{host} could not be reached")
    if acted:
        return VendorUnknown(f"the answer of {host} was lost; it may have acted")
    return VendorBusy(f"{host} did not answer")


def _reply(response: BaseHTTPResponse) -> Reply:
    """Return the whole answer; an incomplete one is an `HTTPError`."""
    text = _content(response).decode("utf-8-sig", errors="replace")
    try:
        body = loads(text)
        body = _storable(body) if ESCAPED in text else body
    except (ValueError, RecursionError):
        body = None
    retry_after = _retry_after(response.headers.get("Retry-After", ""))
    return Reply(response.status, body, retry_after, text)


def _storable(value: object) -> object:
    """Return the JSON with text that a database takes: no NUL, no lone surrogates."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode(errors="replace").decode()
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(each) for name, each in value.items()}
    return value


def _content(response: BaseHTTPResponse) -> bytes:
    """Return the body, read in steps; one that is too large is not read to its end."""
    content = bytearray()
    for part in response.stream(STEP, decode_content=True):
        content += part
        if len(content) > LARGEST_ANSWER:
            raise DecodeError("the answer is too large")
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
