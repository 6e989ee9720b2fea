"""The lock vendors, found by walking the folders beside this file, and their hosts.

Invariants: a vendor is a folder that exports `VENDOR`, a callable that takes its
`VendorHttpClient` and returns a `LockVendor`. Adding one edits nothing here, and
vendors never import each other.

A URL in a form leads nowhere else: a vendor's own hosts, those of its URLs' defaults,
are called by https, at addresses that the whole internet reaches. Any other host is
called only where the operator has named it (STRIKEPLATE_VENDOR_HOSTS), and then by any
scheme and at any address. What is refused is never connected to, so no answer of it can
be shown.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Iterable
from importlib import import_module
from ipaddress import ip_address
from pkgutil import iter_modules
from typing import Final
from urllib.parse import urlsplit

from service.ports import CredentialField, CredentialsRefused, LockVendor
from service.vendor_http import Transport, VendorHttpClient, open_transport
from service.vendor_kit import URL_FIELD, KeptTokens

Factory = Callable[[VendorHttpClient], LockVendor]


def factories() -> dict[str, Factory]:
    """Return what makes each vendor, by the vendor's name: its folder's."""
    folders = sorted(each.name for each in iter_modules(__path__) if each.ispkg)
    return {folder: _factory(folder) for folder in folders}


def open_vendors(
    *,
    transport: Transport | None = None,
    timeout_seconds: float = 20.0,
    hosts: Collection[str] = (),
    kept_tokens: KeptTokens | None = None,
) -> dict[str, LockVendor]:
    """Return every vendor on a line of its own.

    `transport` stands in for the network of all of them, and may lead to any host.
    Without it each vendor's own hosts are called, and those named in `hosts`. No answer
    is waited for longer than `timeout_seconds`. Tokens
    outlive this process in `kept_tokens`.
    """

    def opened(make: Factory) -> LockVendor:
        allowed = None if transport else AllowedHosts(hosts)
        network = transport or open_transport(allowed)
        client = VendorHttpClient(network, timeout_seconds)
        client.hosts, client.kept_tokens = allowed, kept_tokens
        vendor = make(client)
        if allowed:
            allowed.add_own(vendor.fields)
        return vendor

    return {name: opened(make) for name, make in factories().items()}


def _factory(folder: str) -> Factory:
    module = import_module(f"{__name__}.{folder}")
    factory: Factory | None = getattr(module, "VENDOR", None)
    if factory is None:
        raise LookupError(
            f"{module.__name__} exports no VENDOR; set it to a callable that takes a "
            "service.vendor_http.VendorHttpClient and returns a LockVendor"
        )
    return factory


HTTPS: Final = 443


class AllowedHosts:
    """The hosts of one vendor, and those that the operator named beside them."""

    def __init__(self, named: Collection[str]) -> None:
        self._own: frozenset[str] = frozenset()
        self._named = frozenset(named)

    def add_own(self, fields: Iterable[CredentialField]) -> None:
        """Allow the hosts of the URLs that the vendor's credentials have by default."""
        urls = [each.default or "" for each in fields if each.name.endswith(URL_FIELD)]
        self._own = frozenset(host for url in urls if (host := urlsplit(url).hostname))

    def check(self, url: str) -> None:
        """Raise `CredentialsRefused` for a URL that must not be called."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise CredentialsRefused(f"{url!r} is no URL; correct it") from None
        if host in self._named:
            return
        if host not in self._own:
            raise CredentialsRefused(
                f"{host!r} is no host of this vendor; correct the URL, or name the "
                "host in STRIKEPLATE_VENDOR_HOSTS"
            )
        if parts.scheme != "https":
            raise CredentialsRefused(f"{host!r} is called by https; correct the URL")
        if port not in (None, HTTPS):
            raise CredentialsRefused(f"{host!r} is called at port 443; correct the URL")

    def check_addresses(self, host: str, port: int) -> None:
        """Raise `OSError` unless the host is named or all its addresses are public."""
        if host in self._named:
            return
        for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            self.check_address(host, str(address[0]))

    def check_address(self, host: str, address: str) -> None:
        """Raise `OSError` unless the host is named or the address is public."""
        if host not in self._named and not ip_address(address).is_global:
            raise OSError(f"{host} leads to an address that is not public")
