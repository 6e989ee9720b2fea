"""Only from a week on it counts in days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.vendors.igloohome import mapping

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"IGL-06"}
also = {"IGL-07"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(mapping, "LONGEST_HOURLY", timedelta(days=7))
