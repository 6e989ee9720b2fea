"""It tells the static code of the first slot to every guest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service.secret import Secret
from service.vendors.livionkey import mapping

if TYPE_CHECKING:
    import pytest

    from service.ports import VendorLock

on = "service"
breaks = {"LIV-08"}
also = {"LIV-09"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = mapping.vendor_lock

    def alike(*given: Any) -> VendorLock:
        return replace(real(*given), return_code=Secret("*7001"))

    patch.setattr(mapping, "vendor_lock", alike)
