"""It orders again and again what the vendor has refused for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.ports import VendorBusy
from service.vendors.igloohome import api

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"RES-02"}
also = {"CON-09"}


def apply(patch: pytest.MonkeyPatch) -> None:
    busy = dict.fromkeys((400, 404), (VendorBusy, "asked again"))
    patch.setattr(api, "MEANINGS", api.MEANINGS | busy)
