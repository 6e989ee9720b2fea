"""The server accepts dates with minutes and truncates them silently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.igloohome import validation

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"IGL-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    left_out = {validation._written_hour, validation._lock_hour}  # noqa: SLF001 - what the fault patches
    kept = tuple(check for check in validation.CHECKS if check not in left_out)
    patch.setattr(validation, "CHECKS", kept)
