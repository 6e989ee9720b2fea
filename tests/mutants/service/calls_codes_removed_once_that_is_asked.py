"""It takes a deletion that was accepted for one that is done."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from service.ports import VendorPending
from service.vendors.nuki.adapter import Nuki

if TYPE_CHECKING:
    import pytest

    from service.ports import Code, Credentials

on = "service"
breaks = {"NUK-03"}
also = {"CON-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = Nuki.revoke

    def hasty(self: Nuki, credentials: Credentials, code: Code) -> None:
        with suppress(VendorPending):
            real(self, credentials, code)

    patch.setattr(Nuki, "revoke", hasty)
