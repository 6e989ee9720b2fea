"""A visit opens its doors for half a day after the booked time, too."""

from __future__ import annotations

from dataclasses import astuple
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from service.domain.schedule import Exact
from service.vendors.exivo.adapter import Exivo

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.domain.schedule import Window

on = "service"
breaks = {"EXV-03"}
also = {"CON-04", "CON-11", "EXV-01", "EXV-05", "RES-01"}
HOURS = timedelta(hours=12)


class Long(Exact):
    def plan(self, start: datetime, end: datetime, **more: Any) -> Window:
        return super().plan(start, end + HOURS, **more)


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Exivo, "planner", Long(*astuple(Exivo.planner)))
