"""A cancelled algoPIN is said to work until the booking's end, not until its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service.use_cases import manual_code, reconcile
from service.use_cases.context import ended_columns

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"IGL-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def ended(access: Any, vendor: Any, zone: Any, now: Any) -> Any:
        if vendor.revocation is None and access.end_at is not None:
            access = replace(access, valid_until=access.end_at)
        return ended_columns(access, vendor, zone, now)

    for module in (manual_code, reconcile):
        patch.setattr(module, "ended_columns", ended)
