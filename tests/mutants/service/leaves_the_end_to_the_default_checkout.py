"""It ends contracts at eleven, as the organisation has set, whatever is booked."""

from __future__ import annotations

from dataclasses import astuple, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from service.domain.schedule import Exact
from service.vendors.livionkey.adapter import LivionKey

if TYPE_CHECKING:
    import pytest

    from service.domain.schedule import Window

on = "service"
breaks = {"LIV-01"}
also = {"CON-15", "LIV-05"}
HOME = ZoneInfo("Europe/Helsinki")


def checkout(start: datetime) -> datetime:
    local = start.astimezone(HOME)
    eleven = local.replace(hour=11, minute=0, second=0, microsecond=0)
    return eleven if eleven > local else eleven + timedelta(days=1)


class ByDefault(Exact):
    def plan(self, start: datetime, end: datetime, **more: Any) -> Window:
        window = super().plan(start, end, **more)
        return replace(window, end=min(window.end or end, checkout(window.start)))


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(LivionKey, "planner", ByDefault(*astuple(LivionKey.planner)))
