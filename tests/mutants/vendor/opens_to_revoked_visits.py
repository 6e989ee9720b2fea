"""A revoked visit is marked as such, and opens its doors until its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.exivo import visitors

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from fakes.vendors.exivo.state import Visit

on = "vendor"
breaks = {"EXV-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def lenient(visit: Visit, now: datetime) -> str | None:
        return "over" if now >= visit.valid_to else None

    patch.setattr(visitors, "ended", lenient)
