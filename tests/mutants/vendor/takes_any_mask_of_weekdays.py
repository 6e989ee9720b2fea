"""The server takes any number for a mask of weekdays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.nuki import validation

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    left_out = validation._weekdays  # noqa: SLF001 - what the fault patches
    kept = tuple(check for check in validation.CHECKS if check is not left_out)
    patch.setattr(validation, "CHECKS", kept)
