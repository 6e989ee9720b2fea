"""A token may do everything, whatever scopes it was made with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.nuki.paths import keys
from fakes.vendors.nuki.people import SCOPES

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(keys, "_scopes", lambda _scopes: SCOPES)
