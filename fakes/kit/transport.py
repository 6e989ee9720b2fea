"""How a webhook leaves this process, and where it may go: this machine alone.

Invariants: the target's name is resolved once, every address must be loopback unless
the host was allowed by name, and the connection goes to the very address that was
checked. Redirects are not followed. An attempt takes ten seconds at most.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

PORTS = {"http": 80, "https": 443}
TIMEOUT_SECONDS = 10.0


class PushError(Exception):
    """No answer came; the text says why."""


@dataclass(frozen=True)
class Outgoing:
    """One webhook as it leaves: POST, always."""

    url: str
    body: bytes
    headers: dict[str, str]


Send = Callable[[Outgoing], int]  # the status of the answer; PushError if none came
Resolve = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """Return every address of a host, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class GuardedSend:
    """Sends to loopback, and to the hosts that were allowed by name."""

    def __init__(
        self,
        allowed: Iterable[str] = (),
        *,
        resolve: Resolve = resolve,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._allowed = frozenset(host.lower() for host in allowed)
        self._resolve = resolve
        self._timeout = timeout_seconds

    def __call__(self, outgoing: Outgoing) -> int:
        """Return the status of the receiver's answer."""
        parts = _split(outgoing.url)
        port = parts.port or PORTS[parts.scheme]
        refusals = []
        for address in self._addresses(parts.hostname or "", port):
            try:
                return self._post(address, port, parts, outgoing)
            except PushError as refused:
                refusals.append(str(refused))
        raise PushError("; ".join(refusals))

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:  # the latter: no name at all
            raise PushError(f"{host} cannot be resolved: {error}") from error
        outside = [each for each in addresses if not _is_loopback(each)]
        if outside and host.lower() not in self._allowed:
            raise PushError(
                f"{host} is {outside[0]}, which is not loopback; "
                f"to send there, start with --allow-push {host}"
            )
        return addresses

    def _post(
        self, address: str, port: int, parts: SplitResult, outgoing: Outgoing
    ) -> int:
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - start fast

        target = parts._replace(scheme="", netloc="").geturl() or "/"
        headers = {**outgoing.headers, "Host": parts.netloc.rpartition("@")[2]}
        pool = self._pool(address, port, parts)
        try:
            answer = pool.urlopen(
                "POST",
                target,
                outgoing.body,
                headers,
                redirect=False,
                retries=False,
                preload_content=False,
            )
            answer.close()
        except HTTPError as error:
            raise PushError(f"{parts.hostname}: {type(error).__name__}") from error
        finally:
            pool.close()
        return int(answer.status)

    def _pool(self, address: str, port: int, parts: SplitResult) -> Any:
        from urllib3 import (  # noqa: PLC0415 - start fast
            HTTPConnectionPool,
            HTTPSConnectionPool,
        )

        if parts.scheme == "http":
            return HTTPConnectionPool(address, port, timeout=self._timeout)
        return HTTPSConnectionPool(
            address,
            port,
            timeout=self._timeout,
            server_hostname=parts.hostname,
            assert_hostname=parts.hostname,
        )


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError as error:
        raise PushError(f"the target is no URL: {error}") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise PushError("the target is no URL of the form http(s)://host[:port]/path")
    return parts


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback
