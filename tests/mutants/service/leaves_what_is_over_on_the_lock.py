"""It leaves codes on the lock whose time is over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.vendors.nuki.adapter import Nuki

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"NUK-13"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Nuki, "traits", replace(Nuki.traits, keeps_expired_codes=False))
