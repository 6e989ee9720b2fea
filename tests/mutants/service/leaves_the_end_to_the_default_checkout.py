"""It ends contracts at eleven, as the organisation has set, whatever is booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from service.vendors.livionkey import windows

if TYPE_CHECKING:
    import pytest

    from service.domain.windows import Window

on = "service"
breaks = {"LIV-01"}
also = {"LIV-05"}
HOME = ZoneInfo("Europe/Helsinki")


def checkout(start: datetime) -> datetime:
    local = start.astimezone(HOME)
    eleven = local.replace(hour=11, minute=0, second=0, microsecond=0)
    return eleven if eleven > local else eleven + timedelta(days=1)


def apply(patch: pytest.MonkeyPatch) -> None:
    real = windows.plan

    def by_default(start: datetime, end: datetime, **more: Any) -> Window:
        window = real(start, end, **more)
        return replace(window, end=min(window.end or end, checkout(window.start)))

    patch.setattr(windows, "plan", by_default)
