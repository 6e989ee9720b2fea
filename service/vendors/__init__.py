"""The lock vendors, found by walking the folders beside this file.

Invariants: a vendor is a folder that exports `VENDOR`, a callable that takes its
`VendorHttpClient` and returns a `LockVendor`. Adding one edits nothing here, and
vendors never import each other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib import import_module
from pkgutil import iter_modules

from requests.adapters import BaseAdapter

from service.ports import LockVendor
from service.vendor_hosts import AllowedHosts
from service.vendor_http import KeptTokens, VendorHttpClient, open_transport

Factory = Callable[[VendorHttpClient], LockVendor]


def factories() -> dict[str, Factory]:
    """Return what makes each vendor, by the vendor's name: its folder's."""
    folders = sorted(each.name for each in iter_modules(__path__) if each.ispkg)
    return {folder: _factory(folder) for folder in folders}


def open_vendors(
    *,
    transport: BaseAdapter | None = None,
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
