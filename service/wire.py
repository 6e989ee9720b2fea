"""The HTTP line to one vendor: pooled, bounded in time, honest about lost answers.

Law: a call ends in an answer, in `VendorBusy` when the vendor cannot have acted, or
in `VendorUnknown` when it may have. Only what changes nothing is repeated here.
What an answer means is the vendor folder's affair.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING
from typing import Any
from typing import Final
from urllib.parse import urlsplit

from requests import RequestException
from requests import Response
from requests import Session
from requests.adapters import BaseAdapter
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import ConnectTimeoutError
from urllib3.exceptions import MaxRetryError
from urllib3.exceptions import NewConnectionError
from urllib3.exceptions import SSLError
from urllib3.util import Retry

from service.clock import now
from service.ports import VendorBusy
from service.ports import VendorError
from service.ports import VendorRefused
from service.ports import VendorUnknown

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_SECONDS: Final = 5.0
LONGEST_RETRY_AFTER: Final = timedelta(days=1)
NEVER_SENT: Final = (NewConnectionError, ConnectTimeoutError, SSLError)


@dataclass(frozen=True, slots=True)
class Reply:
    """A vendor's answer; `body` is its JSON, None where it was none.

    `text` is what stood there, for vendors that answer in words.
    """

    status: int
    body: object = None
    retry_after: timedelta | None = None
    text: str = field(default="", repr=False)


def open_session(transport: BaseAdapter | None = None) -> Session:
    """Return a session that many threads share: no proxies, no cookies.

    `transport` stands in for the network, for example to call a WSGI app.
    """
    again = Retry(total=1, status=0, redirect=0, other=0, allowed_methods={"GET"})
    session = Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    for scheme in ("http://", "https://"):
        session.mount(scheme, transport or HTTPAdapter(8, 32, max_retries=again))
    return session


class Line:
    """One vendor's session, with the longest that an answer may take."""

    def __init__(self, session: Session, timeout_seconds: float = 20.0) -> None:
        self._session = session
        self._timeout = (min(CONNECT_SECONDS, timeout_seconds), timeout_seconds)

    def read(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
    ) -> Reply:
        """Return the answer to a GET; a lost one changed nothing: `VendorBusy`."""
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
        """Return the answer to a POST; a lost one is `VendorUnknown`."""
        return self._call(
            "POST", url, acts=True, headers=headers, json=json, data=form, auth=basic
        )

    def order(
        self, method: str, url: str, *, headers: Mapping[str, str], json: object = None
    ) -> Reply:
        """Return the answer to a POST, PUT or DELETE; a lost one: `VendorUnknown`."""
        return self._call(method, url, acts=True, headers=headers, json=json)

    # Any: the options are those of requests, passed on as they are.
    def _call(self, method: str, url: str, *, acts: bool, **options: Any) -> Reply:
        try:
            response = self._session.request(
                method, url, timeout=self._timeout, allow_redirects=False, **options
            )
        except RequestException as error:
            raise _lost(url, error, acted=acts) from error
        return _reply(response)


def _lost(url: str, error: RequestException, *, acted: bool) -> VendorError:
    """Return what a call without an answer amounts to; the text names the host only."""
    if isinstance(error, ValueError):  # an invalid URL is one, and was never sent
        return VendorRefused(f"{url!r} is not a URL that can be called; correct it")
    host = urlsplit(url).hostname
    if _never_sent(error):
        return VendorBusy(f"{host} could not be reached")
    if acted:
        return VendorUnknown(f"the answer of {host} was lost; it may have acted")
    return VendorBusy(f"{host} did not answer")


def _never_sent(error: RequestException) -> bool:
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    return isinstance(error, ConnectTimeout) or isinstance(reason, NEVER_SENT)


def _reply(response: Response) -> Reply:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        body = None
    retry_after = _retry_after(response.headers.get("Retry-After", ""))
    return Reply(response.status_code, body, retry_after, response.text)


def _retry_after(text: str) -> timedelta | None:
    """Return the wait asked for, in seconds or until a date; None where unreadable."""
    if text.isascii() and text.isdigit():
        return timedelta(
            seconds=min(int(text[:9]), LONGEST_RETRY_AFTER.total_seconds())
        )
    try:
        wait = parsedate_to_datetime(text) - now()
    except (ValueError, TypeError):
        return None
    return min(max(wait, timedelta()), LONGEST_RETRY_AFTER)
