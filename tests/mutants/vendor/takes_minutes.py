"""The server takes dates with minutes and cuts them in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.igloohome import limits

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"IGL-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    left_out = {limits._written_hour, limits._lock_hour}  # noqa: SLF001
    kept = tuple(check for check in limits.CHECKS if check not in left_out)
    patch.setattr(limits, "CHECKS", kept)
