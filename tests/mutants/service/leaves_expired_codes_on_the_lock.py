"""It leaves expired codes on the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.vendors.nuki.adapter import Nuki

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"NUK-13"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Nuki, "keeps_expired_codes", False)
