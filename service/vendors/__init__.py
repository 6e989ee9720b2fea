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
from service.vendor_http import VendorHttpClient, open_transport

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
) -> dict[str, LockVendor]:
    """Return every vendor on a line of its own.

    `transport` stands in for the network of all of them, and may lead to any host.
    Without it each vendor's own hosts are called, and those named in `hosts`. No answer
    is waited for longer than `timeout_seconds`.
    """
    if transport is not None:
        return {
            name: make(VendorHttpClient(transport, timeout_seconds))
            for name, make in factories().items()
        }
    return {
        name: _on_the_network(make, timeout_seconds, hosts)
        for name, make in factories().items()
    }


def _on_the_network(
    make: Factory, timeout_seconds: float, hosts: Collection[str]
) -> LockVendor:
    allowed = AllowedHosts(hosts)
    client = VendorHttpClient(open_transport(allowed), timeout_seconds)
    client.hosts = allowed
    vendor = make(client)
    allowed.add_own(vendor.fields)
    return vendor


def _factory(folder: str) -> Factory:
    module = import_module(f"{__name__}.{folder}")
    factory: Factory | None = getattr(module, "VENDOR", None)
    if factory is None:
        raise LookupError(
            f"{module.__name__} exports no VENDOR; set it to a callable that takes a "
            "service.vendor_http.VendorHttpClient and returns a LockVendor"
        )
    return factory
