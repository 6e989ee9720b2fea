"""The lock vendors, found by walking the folders beside this file.

Invariants: a vendor is a folder that exports `VENDOR`, a callable that takes its
`VendorHttpClient` and returns a `LockVendor`. Adding one edits nothing here, and
vendors never import each other.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from service.ports import LockVendor
from service.vendor_http import VendorHttpClient, open_transport

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

Factory = Callable[[VendorHttpClient], LockVendor]


def factories() -> dict[str, Factory]:
    """Return what makes each vendor, by the vendor's name: its folder's."""
    folders = sorted(each.name for each in iter_modules(__path__) if each.ispkg)
    return {folder: _factory(folder) for folder in folders}


def open_vendors(
    *, transport: BaseAdapter | None = None, timeout_seconds: float = 20.0
) -> dict[str, LockVendor]:
    """Return every vendor on a line of its own.

    `transport` stands in for the network of all of them. No answer is waited for
    longer than `timeout_seconds`.
    """
    return {
        name: make(VendorHttpClient(transport or open_transport(), timeout_seconds))
        for name, make in factories().items()
    }


def _factory(folder: str) -> Factory:
    module = import_module(f"{__name__}.{folder}")
    factory: Factory | None = getattr(module, "VENDOR", None)
    if factory is None:
        raise LookupError(
            f"{module.__name__} exports no VENDOR; set it to a callable that takes a "
            "service.vendor_http.Line and returns a service.ports.LockVendor"
        )
    return factory
