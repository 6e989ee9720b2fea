"""The server takes keypad codes for a lock that has no keypad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.nuki import validation

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    kept = tuple(check for check in validation.CHECKS if check is not validation._type)  # noqa: SLF001 - what the fault patches
    patch.setattr(validation, "CHECKS", kept)
