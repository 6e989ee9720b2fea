"""A token may do everything, whatever scopes it was made with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.nuki.routes import accounts
from fakes.vendors.nuki.state import SCOPES

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(accounts, "_scopes", lambda _scopes: SCOPES)
