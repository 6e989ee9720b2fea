"""A visit opens its doors for half a day after the booked time, too."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from service.vendors.exivo import visits

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.domain.windows import Window

on = "service"
breaks = {"EXV-03"}
also = {"EXV-01", "EXV-05", "RES-01"}
HOURS = timedelta(hours=12)


def apply(patch: pytest.MonkeyPatch) -> None:
    real = visits.plan

    def long(start: datetime, end: datetime, **more: Any) -> Window:
        return real(start, end + HOURS, **more)

    patch.setattr(visits, "plan", long)
