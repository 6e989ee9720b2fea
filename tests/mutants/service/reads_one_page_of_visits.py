"""It looks for its earlier visit among the first hundred of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service import vendor_kit as kit
from service.vendors.exivo.api import Client

if TYPE_CHECKING:
    import pytest

    from service.vendors.exivo.api import Account

on = "service"
breaks = {"RES-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def first_page(self: Client, account: Account, path: str) -> list[kit.Body]:
        found = self._get(account, path, {"skip": "0", "limit": "100"})
        return kit.objects(found, "Exivo")

    patch.setattr(Client, "_all", first_page)
