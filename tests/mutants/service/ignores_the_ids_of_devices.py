"""It lists every device, whichever the credentials name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.vendors.livionkey.adapter import LivionKey

if TYPE_CHECKING:
    import pytest

    from service.ports import VendorLock
    from service.vendors.livionkey.api import Account

on = "service"
breaks = {"CON-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = LivionKey._locks  # noqa: SLF001 - what the fault patches

    def all_devices(self: LivionKey, account: Account) -> list[VendorLock]:
        return real(self, replace(account, device_ids=frozenset()))

    patch.setattr(LivionKey, "_locks", all_devices)
