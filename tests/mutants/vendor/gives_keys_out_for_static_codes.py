"""A static return code opens its slot also while the key lies there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors import keycode

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"LIV-04"}


def apply(patch: pytest.MonkeyPatch) -> None:
    rows = [
        row._replace(usual="take") if (row.kind, row.where) == ("static", "in") else row
        for row in keycode.TABLE
    ]
    patch.setattr(keycode, "TABLE", tuple(rows))
