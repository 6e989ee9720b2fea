"""A daily window restricts by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.nuki.codes import MARKS

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-07"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(MARKS, "from-date", MARKS["any"])
