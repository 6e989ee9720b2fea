"""It sees an Exivo visit in the list, and not that somebody has revoked it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.vendors.exivo.adapter import Exivo
from service.vendors.exivo.api import account_of

if TYPE_CHECKING:
    import pytest

    from service.ports import Credentials

on = "service"
breaks = {"CON-13"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def list_refs(
        self: Exivo, credentials: Credentials, lock_vendor_id: str
    ) -> set[str]:
        del lock_vendor_id
        found = self._client.visits(account_of(credentials))
        return {visit.id for visit in found}

    patch.setattr(Exivo, "list_refs", list_refs)
