"""The parts that the use cases work with, put together in `app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.ports import LockVendor, Outbox
    from service.settings import Settings
    from service.store.store import Store

    Vendors = Mapping[str, LockVendor]


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the use cases work with: store, vendors, outbox and settings.

    `vendors` are by name.
    """

    store: Store
    vendors: Vendors
    outbox: Outbox
    settings: Settings
