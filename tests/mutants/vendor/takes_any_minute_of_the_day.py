"""The server takes any number for a minute of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.nuki import validation

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    left_out = validation._minutes  # noqa: SLF001 - what the fault patches
    kept = tuple(check for check in validation.CHECKS if check is not left_out)
    patch.setattr(validation, "CHECKS", kept)
