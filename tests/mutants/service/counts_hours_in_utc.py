"""It counts whole hours in UTC, wherever the lock hangs."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from service.vendors.igloohome import mapping

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"IGL-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(mapping, "grid", lambda *_: timezone(timedelta()))
