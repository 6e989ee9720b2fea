"""The page lets in whoever has the link, whatever PIN is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.exivo import visitors

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from fakes.vendors.exivo.state import Visit

on = "vendor"
breaks = {"EXV-04"}
also = {"EXV-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def trusting(visit: Visit, _code: str, now: datetime) -> str | None:
        return visitors.ended(visit, now)

    patch.setattr(visitors, "_shut_out", trusting)
