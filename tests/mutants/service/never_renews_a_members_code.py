"""A member's code is ordered for a year, and not renewed after it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from service.use_cases import reconcile

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"EXV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    patch.setattr(reconcile, "renewal", lambda _: long_ago)
