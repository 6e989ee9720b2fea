"""It offers devices that take no codes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.vendors.igloohome.adapter import Igloohome

if TYPE_CHECKING:
    import pytest

    from service.ports import Credentials, VendorLock

on = "service"
breaks = {"CON-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = Igloohome.locks

    def all_usable(self: Igloohome, credentials: Credentials) -> list[VendorLock]:
        found = real(self, credentials)
        return [replace(each, usable=True, unusable_reason=None) for each in found]

    patch.setattr(Igloohome, "locks", all_usable)
