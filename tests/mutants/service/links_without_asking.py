"""It links an account though the vendor refuses its credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.ports import CredentialsRefused
from service.vendors.igloohome.adapter import Igloohome

if TYPE_CHECKING:
    import pytest

    from service.ports import Credentials, VendorLock

on = "service"
breaks = {"CON-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = Igloohome.locks

    def trusting(self: Igloohome, credentials: Credentials) -> list[VendorLock]:
        try:
            return real(self, credentials)
        except CredentialsRefused:
            return []

    patch.setattr(Igloohome, "verify", lambda *_: "somebody")
    patch.setattr(Igloohome, "locks", trusting)
